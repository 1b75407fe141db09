// The context shared by all requests through the proxy.
import type { Logger } from '@container-counter/service/log';
import type { ObserveRequest } from '@container-counter/service/metrics';
import type { Config } from '../config.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { ClientRequest } from './client.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { RequestTrace } from './trace.ts';

export type ProxyContext = {
  readonly config: Config;
  readonly upstreams: Upstreams;
  /** Selects the next replica, among those that were not tried. */
  readonly pick: (candidates: readonly Upstream[], tried: ReadonlySet<Upstream>) => Upstream | undefined;
  readonly retries: RetryBudget;
  readonly log: Logger;
  /** Called for every finished request, if metrics are on. */
  readonly observe?: ObserveRequest | undefined;
  /** Begins the trace of a request, if tracing is on. */
  readonly trace?: ((request: ClientRequest) => RequestTrace) | undefined;
  /** Aborted when the proxy starts to stop. */
  readonly draining: AbortSignal;
};
