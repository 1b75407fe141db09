// What the proxy tells Prometheus beside its requests: its upstreams and their turns, and what was sent again.
import { type Metrics, unlabelled } from '@container-counter/service/metrics';
import type { RetryBudget } from './forward/retry-budget.ts';
import type { Upstream } from './upstream/upstream.ts';
import type { Upstreams } from './upstream/upstreams.ts';

/** Everything here is counted by the proxy anyway, and read when Prometheus asks. */
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
    'proxy_upstream_alive',
    '1 when it gets turns.',
    ofEach(({ alive }) => Number(alive)),
    labels,
  );
  collected(
    'counter',
    'proxy_upstream_picks_total',
    'ConnectionQueue it was given.',
    ofEach(({ selections }) => selections),
    labels,
  );
  collected(
    'counter',
    'proxy_upstream_failures_total',
    'Tries that failed on it.',
    ofEach(({ failed }) => failed),
    labels,
  );
  collected(
    'counter',
    'proxy_retries_total',
    'Tries after the first.',
    unlabelled(() => counters.retries),
  );
  collected(
    'counter',
    'proxy_replays_total',
    'Requests sent again that an upstream may have served.',
    unlabelled(() => counters.replays),
  );
  collected(
    'counter',
    'proxy_retries_denied_total',
    'Replays that the budget did not allow.',
    unlabelled(() => counters.denied),
  );
};
