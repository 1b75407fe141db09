// The proxy's own metrics: the state of each upstream, and retries.
import { type Metrics, unlabelled } from '@container-counter/service/metrics';
import type { RetryBudget } from './forward/retry-budget.ts';
import type { Upstream } from './upstream/upstream.ts';
import type { Upstreams } from './upstream/upstreams.ts';

/** The proxy counts all of this anyway; it is read at scrape time. */
export const addProxyMetrics = (metrics: Metrics, upstreams: Upstreams, { counters }: RetryBudget): void => {
  const ofEach = (value: (upstream: Upstream) => number) => () =>
    upstreams.list().map((upstream) => ({
      labels: { upstream: upstream.address, replica: upstream.name ?? '' },
      value: value(upstream),
    }));
  const labels = ['upstream', 'replica'];
  const { collected } = metrics;
  collected(
    'gauge',
    'proxy_upstream_healthy',
    '1 if the upstream is healthy.',
    ofEach(({ healthy }) => Number(healthy)),
    labels,
  );
  collected(
    'counter',
    'proxy_upstream_selections_total',
    'Selections of the upstream.',
    ofEach(({ selections }) => selections),
    labels,
  );
  collected(
    'counter',
    'proxy_upstream_failures_total',
    'Failed attempts on the upstream.',
    ofEach(({ failed }) => failed),
    labels,
  );
  collected(
    'counter',
    'proxy_retries_total',
    'Attempts after the first.',
    unlabelled(() => counters.retries),
  );
  collected(
    'counter',
    'proxy_replays_total',
    'Requests sent again that an upstream may have seen.',
    unlabelled(() => counters.replays),
  );
  collected(
    'counter',
    'proxy_retries_denied_total',
    'Replays denied by the retry budget.',
    unlabelled(() => counters.denied),
  );
};
