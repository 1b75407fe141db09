// The replica's own metrics: the hits that it counted.
import type { Metrics } from '@container-counter/service/metrics';
import type { Counter } from './counter.ts';

export const addWebMetrics = ({ collected }: Metrics, { tally }: Counter): void => {
  const hits = () => [
    { labels: { repeat: 'no' }, value: tally.counted },
    { labels: { repeat: 'yes' }, value: tally.repeated },
  ];
  collected('counter', 'counter_hits_total', 'Hits counted, and repeats of keys already counted.', hits, ['repeat']);
};
