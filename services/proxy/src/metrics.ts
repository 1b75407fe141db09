// What the proxy tells Prometheus beside its requests: its upstreams and their turns, and what was sent again.
import { type Metrics, one } from '@container-counter/service/metrics';
import type { RetryBudget } from './forward/retry-budget.ts';
import type { Upstream } from './upstream/upstream.ts';
import type { Upstreams } from './upstream/upstreams.ts';

/** Everything here is counted by the proxy anyway, and read when Prometheus asks. */
export const addProxyMetrics = (metrics: Metrics, upstreams: Upstreams, { tally }: RetryBudget): void => {
  const ofEach = (value: (upstream: Upstream) => number) => () =>
    upstreams.list().map((upstream) => ({
      labels: { upstream: upstream.address, replica: upstream.name ?? '' },
      value: value(upstream),
    }));
  const labels = ['upstream', 'replica'];
  const { sampled } = metrics;
  sampled(
    'gauge',
    'proxy_upstream_alive',
    '1 when it gets turns.',
    ofEach(({ alive }) => Number(alive)),
    labels,
  );
  sampled(
    'counter',
    'proxy_upstream_picks_total',
    'Turns it was given.',
    ofEach(({ picked }) => picked),
    labels,
  );
  sampled(
    'counter',
    'proxy_upstream_failures_total',
    'Tries that failed on it.',
    ofEach(({ failed }) => failed),
    labels,
  );
  sampled(
    'counter',
    'proxy_retries_total',
    'Tries after the first.',
    one(() => tally.retries),
  );
  sampled(
    'counter',
    'proxy_replays_total',
    'Requests sent again that an upstream may have served.',
    one(() => tally.replays),
  );
  sampled(
    'counter',
    'proxy_retries_denied_total',
    'Replays that the budget did not allow.',
    one(() => tally.denied),
  );
};
