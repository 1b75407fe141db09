// Measures what the metrics cost: the same cluster with and without them, in turns, so that both see the same machine.
import { type Measured, measureTiers } from './tiers.ts';

export type Cost = Readonly<Record<'with' | 'without', { readonly proxy: number; readonly web: number }>>;

/** Microseconds of processor time a request: the least of `rounds`, which is the one that others disturbed least. */
export const measureMetrics = async (rounds: number, seconds: number): Promise<Cost> => {
  const measured: Record<'with' | 'without', Measured[]> = { with: [], without: [] };
  for (let i = 0; i < rounds; i += 1) {
    const order = ['without', 'with'] as const;
    for (const kind of i % 2 === 0 ? order : order.toReversed()) {
      measured[kind].push(await measureTiers(SIZE, { seconds, env: kind === 'with' ? { METRICS_PORT: '0' } : {} }));
    }
  }
  const of = (all: readonly Measured[], tier: 'proxy' | 'web') => Math.min(...all.map((one) => one.microseconds[tier]));
  const both = (all: readonly Measured[]) => ({ proxy: of(all, 'proxy'), web: of(all, 'web') });
  return { with: both(measured.with), without: both(measured.without) };
};

const SIZE = { proxies: 1, replicas: 3 };
