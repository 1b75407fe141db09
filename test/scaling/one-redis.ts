// Measures what one Redis carries with the script of a hit, what the idempotency keys take, and what a cluster says to it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from '@container-counter/testing/process';
import { cpuTime } from '@container-counter/testing/processes';
import { startRedis } from '@container-counter/testing/redis';
import { Redis } from 'ioredis';

const HIT = readFileSync(new URL('../../services/web/src/hit.lua', import.meta.url), 'utf8');
const KEYS = ['requests', 'counters', 'ip', 'seen:'];

type Call = (keys: readonly string[], replica: string, client: string, key: string, told: string) => Promise<unknown>;

export type RedisFigures = {
  readonly perSecond: number;
  /** Microseconds of Redis' processor for each hit. */
  readonly microseconds: number;
  /** Bytes of memory for each remembered idempotency key. */
  readonly bytesPerKey: number;
};

/** Sends `hits` hits, each with a key of its own, as fast as Redis takes them. */
export const measureRedis = (hits: number): Promise<RedisFigures> =>
  withRedis({ args: ['--appendonly', 'yes'] }, async (redis, pid) => {
    const call = await loaded(redis);
    const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    await call(KEYS, 'web1', '10.0.0.1', randomUUID(), TOLD);
    const empty = await memory();
    const used = cpuTime([pid]);
    const start = performance.now();
    for (let sent = 0; sent < hits; sent += BATCH) {
      await Promise.all(
        Array.from({ length: BATCH }, (_, i) => call(KEYS, `web${i % 3}`, '10.0.0.1', randomUUID(), TOLD)),
      );
    }
    const seconds = (performance.now() - start) / 1000;
    const microseconds = (cpuTime([pid]) - used) / hits;
    const bytesPerKey = ((await memory()) - empty) / hits;
    return { perSecond: hits / seconds, microseconds, bytesPerKey };
  });

/** What a node of Redis Cluster answers to the script, by the names of its keys: the number of the hit, or the error. */
export const askCluster = (tag: string): Promise<string> =>
  withRedis({ cluster: true }, async (redis) => {
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!/cluster_state:ok/.test(String(await redis.call('CLUSTER', 'INFO')))) await sleep(50);
    const call = await loaded(redis);
    const keys = KEYS.map((key) => `${tag}${key}`);
    return call(keys, 'web1', '10.0.0.1', 'key', TOLD).then(
      (reply) => `hit ${(reply as number[])[0]}`,
      (error: Error) => error.message,
    );
  });

// The id of a request, and which try it was.
const TOLD = '6b1ff0c2-64a3-4b6e-9c5f-0d5a6f4ad1de 1';

const loaded = async (redis: Redis): Promise<Call> => {
  const sha = String(await redis.script('LOAD', HIT));
  return (keys, ...args) => redis.evalsha(sha, keys.length, ...keys, ...args);
};

const withRedis = async <T>(
  options: Parameters<typeof startRedis>[1],
  use: (redis: Redis, pid: number) => Promise<T>,
): Promise<T> => {
  const ends: (() => unknown)[] = [];
  const t = { after: (end: () => unknown) => ends.push(end) } as unknown as Cleanup;
  const { port, program } = await startRedis(t, options);
  const redis = new Redis(port, '127.0.0.1', { enableAutoPipelining: true });
  try {
    return await use(redis, program.child.pid as number);
  } finally {
    redis.disconnect();
    for (const end of ends.reverse()) await end();
  }
};

const BATCH = 500;
