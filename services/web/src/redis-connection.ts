// A connection to Redis that is of use only once everything that the URL asks for was granted: user, database, TLS.
import type { Ask } from '@container-counter/network/counter-keys';
import { type Greeting, greetRedis, loginOf } from '@container-counter/network/redis-readiness';
import { Redis, type RedisOptions } from 'ioredis';

/**
 * Starts connecting, and goes on trying. What stands in the URL beside the host is not left to ioredis, which goes on
 * without it when Redis refuses (database 0 instead of 99), and prints warnings of its own; `greet` sends it.
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
    // A Redis that loads its data says so to each command; the check would only wait, and not say why.
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
