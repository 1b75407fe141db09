// Measures what the metrics cost: two clusters, with and without them, alternately, so that both see the same machine.
import { withCleanup } from '@container-counter/testing/cleanup';
import { ratioOf, spreadOf } from '../../bench/statistics.ts';

import type { Cost, Effort } from './figures.ts';
import { type Measured, startTiers } from './tiers.ts';

export const measureMetrics = async ({ rounds, seconds, warmUp }: Effort): Promise<Cost> => {
  const pairs: { without: Measured; with: Measured }[] = [];
  await withCleanup(async (t) => {
    const without = await startTiers(t, SIZE, warmUp);
    const measured = await startTiers(t, SIZE, warmUp, { METRICS_PORT: '0' });
    for (let i = 0; i < rounds; i += 1) {
      pairs.push({ without: await without.measure(seconds), with: await measured.measure(seconds) });
    }
  });
  const cost = (tier: 'proxy' | 'web') => {
    const of = (kind: 'with' | 'without') => pairs.map((pair) => pair[kind].microseconds[tier]);
    return {
      without: spreadOf(of('without')).median,
      with: spreadOf(of('with')).median,
      ratio: ratioOf(of('with'), of('without')).median,
    };
  };
  return { proxy: cost('proxy'), web: cost('web') };
};

const SIZE = { proxies: 1, replicas: 3 };
