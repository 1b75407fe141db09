// Writes the figures into docs/scaling.md.
import { cpus } from 'node:os';
import type { Figures } from './figures.ts';

export const document = ({ tiers, metrics, viewers, redis, cluster, shards, blocks, proxies }: Figures): string => {
  const three = tiers.find(({ size }) => size.proxies === 1 && size.replicas === 3) ?? tiers[0];
  const { proxy = 0, web = 0 } = three?.measured.microseconds ?? {};
  const ceiling = 1e6 / redis.microseconds;
  const at = <T>(all: readonly T[], place: number): T => all[Math.min(place, all.length - 1)] as T;
  const [shard, block, front] = [at(shards, 1), at(blocks, 1), at(proxies, 2)];
  return `# Scaling limits and next steps

Written by \`make scaling\`, which measures everything here. ${cpus().length} processors (${cpus()[0]?.model.trim()}), Node
${process.versions.node}; the load generator shares them with the cluster. So requests/s are what this machine carries, and the
processor time of a request is what any machine needs.

## Replicas and proxies

${table(
  ['proxies × replicas', 'requests/s', 'proxy, µs', 'web, µs', 'redis, µs'],
  tiers.map(({ size, measured: { perSecond, microseconds: us } }) => [
    `${size.proxies} × ${size.replicas}`,
    spaced(perSecond),
    ...[us.proxy, us.web, us.redis].map((n) => n.toFixed(0)),
  ]),
)}
The columns in µs are processor time per request. One Node process uses one processor: a proxy tops out at about
${spaced(1e6 / proxy)} requests/s, and a replica at about ${spaced(1e6 / web)}, so each busy proxy needs ${plural(Math.max(1, Math.ceil(web / proxy)), 'busy replica')}. More
processes than processors only give the scheduler more work; more machines (\`make swarm\`) add their processors.

## What metrics cost

Processor time per request of two clusters measured in turn, with and without METRICS_PORT; medians:

${table(
  ['tier', 'without, µs', 'with, µs', 'ratio'],
  (['proxy', 'web'] as const).map((tier) => [
    tier,
    metrics[tier].without.toFixed(1),
    metrics[tier].with.toFixed(1),
    metrics[tier].ratio.toFixed(2),
  ]),
)}
## What viewers cost

One cluster with no, one and ten viewers of the live page in turn; processor time of proxy, replicas and Redis per
request; medians:

${table(
  ['viewers', 'requests/s', 'ratio to none', 'processor, µs', 'ratio to none'],
  viewers.map((one) => [
    one.viewers,
    spaced(one.perSecond),
    one.rateRatio.toFixed(2),
    one.microseconds.toFixed(0),
    one.ratio.toFixed(2),
  ]),
)}
## The ceiling: one Redis

Every hit is one run of \`hit.lua\`, and Redis runs scripts one after the other, on one processor.

- One client reaches ${spaced(redis.perSecond)} hits/s here. A hit takes ${redis.microseconds.toFixed(1)} µs of Redis's processor time, so one Redis with an
  append-only file tops out at about ${spaced(ceiling)} hits/s, whatever is in front of it.
- An idempotency key is remembered for 40 to 60 seconds and takes ${redis.bytesPerKey.toFixed(0)} bytes. At 20 000 hits/s the windows
  \`seen:N\` hold up to 1 200 000 keys, or ${spaced((1_200_000 * redis.bytesPerKey) / 2 ** 20)} MiB; 200 MiB are enough for ${spaced((200 * 2 ** 20) / redis.bytesPerKey / 60)} hits/s.
  Beyond that, raise the memory limit of Redis first.
- Redis Cluster refuses the script, because its keys are in different slots: \`${cluster.plain}\`.
  With one hash tag in all of them, such as \`{counter}requests\`, it responds \`${cluster.tagged}\`. But then all are in one slot, on
  one node, and it is no faster.

## Next steps

Not built, but simulated (\`test/scaling/simulation.ts\`).

| step | gives | costs |
|---|---|---|
| count in shards: the hash of the idempotency key selects the shard, whose keys are \`{17}requests\` and so on | with ${shard.shards} shards about ${spaced((ceiling * shard.shards) / shard.busiest)} hits/s; the busiest gets ${shard.busiest.toFixed(3)} of its share | the total is a sum of readings taken at different times |
| give each shard blocks of numbers | with blocks of ${spaced(block.size)}, ${(block.requested * 1000).toFixed(0)} requests for a block per 1000 hits | numbers are unique, but out of order by up to ${spaced(block.displaced)}, and have gaps when a shard fails |
| run more proxies | with ${front.proxies}, the busiest of 100 replicas gets ${front.busiest.toFixed(3)} of its share | a client must try the next address; 100 proxies send 100 replicas 20 000 health checks/s |

Every hit with a key is still counted exactly once, because a retry finds the same shard. When the number of shards
changes, the keys of the last minute must be looked up in the old shard too. What remains:

| guarantee | one Redis | shards | shards and regions |
|---|---|---|---|
| a hit with a key is counted once | yes | yes | only while the key's home region responds |
| the number of a hit is unique | yes | with blocks | with blocks per region |
| numbers are in order and have no gaps | yes | no | no |
| the total is that of one moment | yes | no | no, and older by the latency between the regions |
| equal shares of the replicas | yes | per proxy | per proxy |
`;
};

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');

const spaced = (value: number): string => `${Math.round(value)}`.replace(/\B(?=(\d{3})+$)/g, ' ');
