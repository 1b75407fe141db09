// What the tests run the command against: a Redis with replicas in front of it, started for real.
import type { Cleanup } from '@container-counter/testing/ends';
import { start } from '@container-counter/testing/process';
import { startRedis, type TestRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { suiteCleanup } from '@container-counter/testing/suite';
import { Redis } from 'ioredis';

export type Cluster = { readonly redis: TestRedis; readonly web: Service; readonly env: Record<string, string> };

/** One replica, `web1`, and the environment that tells the command where it and its Redis are. */
export const startCluster = async (t: Cleanup): Promise<Cluster> => {
  const redis = await startRedis(t);
  const web = await startService(t, 'web', { INSTANCE: 'web1', REDIS_URL: redis.url });
  await web.line(/connected to Redis/);
  return { redis, web, env: { COUNTER_URL: web.url, REDIS_URL: redis.url } };
};

/** A cluster like that, emptied, for a test that does it no harm: one for all of them in this process. */
export const borrowCluster = async (t: Cleanup): Promise<Cluster> => {
  lent ??= startCluster(shared);
  const cluster = await lent;
  await connect(t, cluster.redis.url).flushall();
  return cluster;
};

let lent: Promise<Cluster> | undefined;
const shared = suiteCleanup();

/** A client of the test's own. Redis is stopped before it is disconnected, which is no news. */
export const connect = (t: Cleanup, url: string): Redis => {
  const client = new Redis(url);
  client.on('error', () => {});
  t.after(() => client.disconnect());
  return client;
};

/** The `counter` command as a process of its own. */
export const startCounter = (t: Cleanup, args: readonly string[], env: Readonly<Record<string, string>>) =>
  start(t, process.execPath, [MAIN, ...args], env);

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
