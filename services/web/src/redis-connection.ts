// A connection to Redis that counts as ready only once everything in the URL was accepted: user, database, TLS.
import type { Ask } from '@container-counter/network/counter-keys';
import { type Greeting, greetRedis, loginOf } from '@container-counter/network/redis-readiness';
import { Redis, type RedisOptions } from 'ioredis';

/**
 * Connects, and reconnects. User and database are not left to ioredis, which continues without them when Redis refuses
 * (database 0 instead of 99), and prints its own warnings; `greet` sends them.
 */
export const openRedis = (
  url: URL,
  timeoutMs: number,
  options: RedisOptions & { readonly replyMapping?: 'legacy' },
): Redis => {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.pathname = '';
  return new Redis(bare.href, {
    ...options,
    protocol: 2, // there is no need for the third, which older servers refuse
    disableClientInfo: true,
    connectTimeout: timeoutMs,
    disconnectTimeout: 200, // for a connection that was given up; the next attempt waits for its end
    // A Redis that is loading says so in reply to each command; ioredis's check would only wait, without a reason.
    enableReadyCheck: false,
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(attempt * 50, 500),
  });
};

/** Commands as `packages/network` asks them. In capitals ioredis does not take SELECT for its own, which it would repeat. */
export const askOf =
  (redis: Redis): Ask =>
  (command = '', ...words) =>
    redis.call(command, ...words);

/** Call it first on each connection that is ready. @throws the first thing that went wrong */
export const greet = (redis: Redis, url: URL): Promise<Greeting> => greetRedis(askOf(redis), loginOf(url));
