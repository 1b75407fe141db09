// Measures what the metrics cost: the same cluster with and without them, in turns, so that both see the same machine.
import { type Measured, measureTiers } from './tiers.ts';

export type Cost = Readonly<Record<'with' | 'without', { readonly proxy: number; readonly web: number }>>;

/** Microseconds of processor time a request, the median of `rounds`. */
export const measureMetrics = async (rounds: number, seconds: number): Promise<Cost> => {
  const measured: Record<'with' | 'without', Measured[]> = { with: [], without: [] };
  for (let i = 0; i < rounds; i += 1) {
    measured.without.push(await measureTiers(SIZE, { seconds }));
    measured.with.push(await measureTiers(SIZE, { seconds, env: { METRICS_PORT: '0' } }));
  }
  const of = (all: readonly Measured[], tier: 'proxy' | 'web') => median(all.map((one) => one.microseconds[tier]));
  const both = (all: readonly Measured[]) => ({ proxy: of(all, 'proxy'), web: of(all, 'web') });
  return { with: both(measured.with), without: both(measured.without) };
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

const SIZE = { proxies: 1, replicas: 3 };
