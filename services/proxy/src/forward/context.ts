// What every request through the proxy shares.
import type { Logger } from '@container-counter/service/log';
import type { ObserveRequest } from '@container-counter/service/metrics';
import type { Config } from '../config.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { RetryBudget } from './retry-budget.ts';

export type ProxyContext = {
  readonly config: Config;
  readonly upstreams: Upstreams;
  /** Whose turn it is, among those that were not tried. */
  readonly pick: (candidates: readonly Upstream[], tried: ReadonlySet<Upstream>) => Upstream | undefined;
  readonly retries: RetryBudget;
  readonly log: Logger;
  /** Told of every request that is over, where somebody measures. */
  readonly observe?: ObserveRequest | undefined;
  /** Aborted when the proxy starts to stop. */
  readonly draining: AbortSignal;
};
