// Measures what one Redis carries with the script of a hit, what the idempotency keys take, and what a cluster says to it.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { withCleanup } from '@container-counter/testing/cleanup';
import { cpuTime } from '@container-counter/testing/processes';
import { startRedis } from '@container-counter/testing/redis';
import { Redis } from 'ioredis';
import { SCRIPTS } from '../../services/web/src/scripts.ts';

const KEYS = ['requests', 'counters', 'ip'];

type Call = (tag: string, replica: string, client: string, keys: readonly string[]) => Promise<unknown>;

export type RedisFigures = {
  readonly perSecond: number;
  /** Microseconds of Redis' processor for each hit. */
  readonly microseconds: number;
  /** Bytes of memory for each remembered idempotency key. */
  readonly bytesPerKey: number;
};

/** Sends `hits` hits, each with a key of its own, as fast as Redis takes them, and in batches, as a busy replica does. */
export const measureRedis = (hits: number): Promise<RedisFigures> =>
  withRedis({ args: ['--appendonly', 'yes'] }, async (redis, pid) => {
    const call = await loaded(redis);
    const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    await call('', 'web1', '10.0.0.1', [randomUUID()]);
    const empty = await memory();
    const used = cpuTime([pid]);
    const start = performance.now();
    for (let sent = 0; sent < hits; sent += CALLS * BATCH) {
      const keys = () => Array.from({ length: BATCH }, () => randomUUID());
      await Promise.all(Array.from({ length: CALLS }, (_, i) => call('', `web${i % 3}`, '10.0.0.1', keys())));
    }
    const seconds = (performance.now() - start) / 1000;
    const microseconds = (cpuTime([pid]) - used) / hits;
    const bytesPerKey = ((await memory()) - empty) / hits;
    return { perSecond: hits / seconds, microseconds, bytesPerKey };
  });

/** What a node of Redis Cluster replies to the script, by the names of its keys: the number of the hit, or the error. */
export const askCluster = (tag: string): Promise<string> =>
  withRedis({ cluster: true }, async (redis) => {
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!/cluster_state:ok/.test(String(await redis.call('CLUSTER', 'INFO')))) await sleep(50);
    const call = await loaded(redis);
    return call(tag, 'web1', '10.0.0.1', ['key']).then(
      (reply) => `hit ${(reply as number[][])[0]?.[0]}`,
      (error: Error) => error.message,
    );
  });

// The id of a request, and which attempt it was.
const TOLD = '6b1ff0c2-64a3-4b6e-9c5f-0d5a6f4ad1de 1';

const loaded = async (redis: Redis): Promise<Call> => {
  const sha = String(await redis.script('LOAD', SCRIPTS.hit.lua));
  return async (tag, replica, client, idempotencyKeys) => {
    const keys = KEYS.map((name) => `${tag}${name}`);
    const since = `${Date.now() / 1000}`;
    const hits = idempotencyKeys.flatMap((key) => [key, client, TOLD]);
    return redis.evalsha(sha, keys.length, ...keys, since, `${tag}seen:`, replica, ...hits);
  };
};

const withRedis = async <T>(
  options: Parameters<typeof startRedis>[1],
  use: (redis: Redis, pid: number) => Promise<T>,
): Promise<T> =>
  withCleanup(async (t) => {
    const { port, program } = await startRedis(t, options);
    const redis = new Redis(port, '127.0.0.1', { enableAutoPipelining: true });
    t.after(() => redis.disconnect());
    return use(redis, program.child.pid as number);
  });

const CALLS = 50;
const BATCH = 10;
