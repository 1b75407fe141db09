// Writes the figures into the document that tells how far the cluster goes.
import { cpus } from 'node:os';
import type { Figures } from './figures.ts';

export const document = ({ tiers, metrics, viewers, redis, cluster, shards, blocks, proxies }: Figures): string => {
  const three = tiers.find(({ size }) => size.proxies === 1 && size.replicas === 3) ?? tiers[0];
  const { proxy = 0, web = 0 } = three?.measured.microseconds ?? {};
  const ceiling = 1e6 / redis.microseconds;
  return `# How far it goes

Written by \`make scaling\`, which measures everything here anew. ${cpus().length} processors (${cpus()[0]?.model.trim()}), Node
${process.versions.node}; what sends the requests shares them with the cluster. So requests a second say what this machine carries,
and the processor time of a request says what any machine needs.

## Replicas and proxies

${table(
  ['proxies', 'replicas', 'requests a second', 'proxy, µs', 'web, µs', 'redis, µs', 'load, µs'],
  tiers.map(({ size, measured: { perSecond, microseconds: us } }) => [
    size.proxies,
    size.replicas,
    spaced(perSecond),
    ...[us.proxy, us.web, us.redis, us.load].map((n) => n.toFixed(0)),
  ]),
)}
The columns in µs are processor time for each request, by tier. One Node process uses one processor: a proxy ends near
${spaced(1e6 / proxy)} requests a second, a replica near ${spaced(1e6 / web)}, so ${Math.max(1, Math.ceil(web / proxy))} busy replicas for each busy proxy. More replicas or proxies
than processors add nothing but work for the scheduler; on more machines (\`make swarm\`) they add their processors.

## What the metrics cost

Processor time of a request with and without METRICS_PORT, of two clusters measured in turns; medians:

${table(
  ['tier', 'without, µs', 'with, µs', 'with, times without'],
  (['proxy', 'web'] as const).map((tier) => [
    tier,
    metrics[tier].without.toFixed(1),
    metrics[tier].with.toFixed(1),
    metrics[tier].ratio.toFixed(2),
  ]),
)}
## What viewers cost

Viewers of the live page at one cluster, none, one and ten in turns; processor time of proxy, replicas and Redis for each
request; medians:

${table(
  ['viewers', 'requests a second', 'times those without viewers', 'processor, µs', 'times that without viewers'],
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

- ${spaced(redis.perSecond)} hits a second from one client here; a hit takes ${redis.microseconds.toFixed(1)} µs of Redis' processor, so one Redis
  ends near ${spaced(ceiling)} hits a second, with the append-only file, whatever stands before it.
- An idempotency key is remembered for 40 to 60 seconds, and takes ${redis.bytesPerKey.toFixed(0)} bytes. At 20 000 hits a second the windows
  \`seen:N\` hold up to 1 200 000 keys: ${spaced((1_200_000 * redis.bytesPerKey) / 2 ** 20)} MiB. The container's limit of 256 MiB is enough for
  ${spaced((200 * 2 ** 20) / redis.bytesPerKey / 60)} hits a second, with 56 MiB left for the rest; beyond that, raise the limit first.
- Redis Cluster does not take the script as it is: the four keys are in different slots. It answers
  \`${cluster.plain}\`. With one hash tag in all of them, such as \`{counter}requests\`, it answers
  \`${cluster.tagged}\`; but then all of them are in one slot, on one node: the tag makes it run, and does not make it faster.

## Past it: the plan

Simulated (\`test/scaling/simulation.ts\`), not built. Three things are multiplied, and each costs a guarantee.

### Counting in shards

A hit goes to the shard that the hash of its idempotency key names, with the keys tagged by the shard: \`{17}requests\`,
\`{17}seen:0\`. A repeat finds the same shard, so **each hit is still counted exactly once**, and each shard is the script
of today. The total is the sum of all shards, read one after the other.

${table(
  [
    'shards',
    'hits a second at the ceiling',
    'share of the busiest, of a million hits',
    'hits a second, that one kept within it',
  ],
  shards.map(({ shards: count, busiest }) => [
    count,
    spaced(ceiling * count),
    `${busiest.toFixed(3)} of its part`,
    spaced((ceiling * count) / busiest),
  ]),
)}
What changes: **the number of a hit** is its shard's, no longer that of all. **The total** is a sum of readings taken at
different times: it is never more than was counted at its end, nor less than at its beginning, and no longer one moment's.
When the number of shards changes, keys of the last minute must be asked of the old shard too.

### Numbers that are unique all the same

The shards take blocks of numbers from one place, and give them out themselves. 64 shards, a million hits:

${table(
  [
    'numbers in a block',
    'blocks asked for, each 1000 hits',
    'number and order differ by at most',
    'numbers never given, when all fail',
  ],
  blocks.map(({ size, asked, displaced, lost }) => [
    spaced(size),
    (asked * 1000).toFixed(2),
    spaced(displaced),
    spaced(lost),
  ]),
)}
A block of one is what there is today: exact and in order, with one place that everybody asks. Larger blocks take the load
from it. What changes: numbers stay **unique**, but are **not in order**, and a shard that fails leaves a **gap**.

### More proxies

Each proxy takes its own turns and needs to know nothing of the others. 100 replicas, 100 000 hits, proxies chosen at random:

${table(
  ['proxies', 'share of the busiest replica'],
  proxies.map(({ proxies: count, busiest }) => [count, `${busiest.toFixed(3)} of its part`]),
)}
What changes: turns are **equal at each proxy**, and nearly so over all. Before the proxies stands what needs no state: several
addresses of one name, anycast, or a balancer of connections. A client must then try the next address when a machine is
gone; with its key it may (\`test/e2e/swarm.test.ts\` does). Each proxy probes each replica twice a second: 100 proxies and
100 replicas are 20 000 probes a second, so that from some size on each proxy should have a part of the replicas, its own.

### What stays, and what changes

| guarantee | one Redis | shards | shards and regions |
|---|---|---|---|
| a hit with a key is counted once | yes | yes, its key leads to its shard | only while the key's home region answers |
| the number of a hit is unique | yes | with blocks | with blocks for each region |
| numbers have no gaps, and are in order | yes | no | no |
| the total is that of one moment | yes | no, a sum of readings | no, and older by the way between the regions |
| equal turns | yes | at each proxy | at each proxy |
`;
};

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');

const spaced = (value: number): string => `${Math.round(value)}`.replace(/\B(?=(\d{3})+$)/g, ' ');
