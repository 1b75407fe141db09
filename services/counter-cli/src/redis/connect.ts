// A connection to Redis for one command: it fails within two seconds and says why, and never hangs.
import { type Ask, type ForeignValue, findForeignValue } from '@container-counter/network/counter-keys';
import { explain, kindOf } from '@container-counter/network/failure';
import { diagnoseRedis } from '@container-counter/network/redis-check';
import { withPassword } from '@container-counter/service/secret';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { CommandError } from '../errors.ts';

const TIMEOUT_MS = 2000;

/** Connects, runs `use`, and disconnects; `command` is the one that the user gave. @throws {CommandError} when Redis cannot be reached, or does not respond */
export const withRedis = async <T>(config: Config, command: string, use: (redis: Redis) => Promise<T>): Promise<T> => {
  let reached = false;
  const url = withPassword(config.redisUrl, config.redisPasswordFile);
  const redis = new Redis(url.href, OPTIONS);
  let cause: unknown;
  redis.on('error', (error) => {
    cause = error;
  });
  try {
    await redis.connect();
    reached = true;
    return await use(redis);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { hostname, port } = config.redisUrl;
    const target = { what: 'Redis', host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
    const { sentence } = explain(await diagnoseRedis(cause ?? error, url, TIMEOUT_MS), target);
    throw new CommandError(config.redisGiven || reached ? sentence : `${sentence} ${inside(command)}`, {
      cause: cause ?? error,
    });
  } finally {
    redis.disconnect();
  }
};

/** Commands as `packages/network` asks them. */
export const askerOf =
  (redis: Redis): Ask =>
  (command = '', ...words) =>
    redis.call(command, ...words);

/** Somebody else's value under a key of the counter; undefined also for a user who may not look. */
export const foreignValueIn = (redis: Redis): Promise<ForeignValue | undefined> =>
  findForeignValue(askerOf(redis)).catch((error) => {
    if (kindOf(error) !== 'no permission') throw error;
    return undefined;
  });

/** The URL of Redis as it may be shown: without the password. */
export const shownUrl = ({ redisUrl }: Config): string => {
  const { href } = Object.assign(new URL(redisUrl), { search: '' }); // which ioredis takes a password from, too
  return redisUrl.password === '' ? href : href.replace(`${redisUrl.username}:${redisUrl.password}@`, '***@');
};

const OPTIONS = {
  lazyConnect: true,
  connectTimeout: TIMEOUT_MS,
  commandTimeout: TIMEOUT_MS,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
} as const;

// Redis is not published: only containers of its network reach it, and nothing on the host does.
const inside = (command: string): string =>
  `In containers Redis is reached only from inside: run "docker compose run --rm cli ${command}", or with links "docker compose -f docker-compose.links.yml run --rm cli ${command}". Another Redis is named in REDIS_URL.`;
