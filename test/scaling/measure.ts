// Measures how far the cluster goes, plays through what comes after, and writes it all into a document.
import { writeFileSync } from 'node:fs';
import { withCleanup } from '@container-counter/testing/cleanup';
import { document } from './document.ts';
import type { Effort, Figures } from './figures.ts';
import { measureMetrics } from './metrics-cost.ts';
import { askCluster, measureRedis } from './one-redis.ts';
import { busiestReplica, busiestShard, numberInBlocks } from './simulation.ts';
import { type Measured, type Size, startTiers } from './tiers.ts';
import { measureViewers } from './viewers-cost.ts';

const SIZES: readonly Size[] = [
  { proxies: 1, replicas: 1 },
  { proxies: 1, replicas: 2 },
  { proxies: 1, replicas: 3 },
  { proxies: 1, replicas: 6 },
  { proxies: 2, replicas: 3 },
  { proxies: 2, replicas: 6 },
];

/** Everything that the document tells, measured now. */
export const measureAll = async (effort: Effort, sizes = SIZES): Promise<Figures> => {
  const tiers: { size: Size; measured: Measured }[] = [];
  for (const size of sizes) {
    await withCleanup(async (t) => {
      const { measure } = await startTiers(t, size, effort.warmUp);
      tiers.push({ size, measured: await measure(effort.seconds) });
    });
  }
  return {
    tiers,
    metrics: await measureMetrics(effort),
    viewers: await measureViewers(effort),
    redis: await measureRedis(effort.hits),
    cluster: { plain: await askCluster(''), tagged: await askCluster('{counter}') },
    shards: [4, 16, 64, 256].map((shards) => ({ shards, busiest: busiestShard(shards, MILLION) })),
    blocks: [1, 100, 10_000].map((size) => ({ size, ...numberInBlocks(64, size, MILLION) })),
    proxies: [1, 10, 100].map((proxies) => ({ proxies, busiest: busiestReplica(proxies, 100, MILLION / 10) })),
  };
};

const MILLION = 1_000_000;

if (import.meta.main) {
  const file = process.argv[2] ?? 'docs/scaling.md';
  writeFileSync(file, document(await measureAll({ seconds: 4, warmUp: 8, rounds: 9, hits: 400_000 })));
  process.stdout.write(`${file} is written\n`);
}
