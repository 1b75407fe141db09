// A replica in the test's own process, on a port of loopback, with a Redis that the test started.
import { once } from 'node:events';
import { type TrustPeer, trustNobody } from '@container-counter/service/environment';
import { listen } from '@container-counter/service/lifecycle';
import { createLogger } from '@container-counter/service/log';
import type { Cleanup } from '@container-counter/testing/ends';
import { Redis } from 'ioredis';
import { createCounter } from '../src/counter.ts';
import { createListen } from '../src/live/channel.ts';
import { endpointOf } from '../src/live/endpoint.ts';
import { createRecords } from '../src/records.ts';
import { connectRedis } from '../src/redis.ts';
import { createReplica } from '../src/server.ts';

export type TestReplica = {
  readonly url: string;
  readonly port: number;
  readonly draining: AbortController;
  /** Every line of its log so far. */
  readonly lines: readonly Record<string, unknown>[];
};

export const startReplica = async (
  t: Cleanup,
  redisUrl: string,
  { name = 'web1', timeoutMs = 1000, trustedProxies = trustNobody as TrustPeer } = {},
): Promise<TestReplica> => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({}, 'debug', { write: (line) => lines.push(JSON.parse(line)) });
  const redis = connectRedis(new URL(redisUrl), timeoutMs, log);
  const draining = new AbortController();
  const server = createReplica(
    {
      name,
      counter: createCounter(redis, name),
      records: createRecords(redis),
      trustedProxies,
      log,
      draining: draining.signal,
    },
    endpointOf(new URL(redisUrl), redis.address),
    createListen(new URL(redisUrl), timeoutMs),
  );
  const port = await listen(server, 0, '127.0.0.1');
  t.after(async () => {
    draining.abort(); // an upgraded connection ends in no other way
    redis.close();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${port}`, port, draining, lines };
};

/** What a student's redis-cli is: another client of the same Redis. */
export const openRedis = (t: Cleanup, url: string): Redis => {
  const redis = new Redis(url, { disconnectTimeout: 1 }); // when the test ends, its Redis is gone first
  redis.on('error', () => {});
  t.after(() => redis.disconnect());
  return redis;
};
