// A connection to Redis that is of use only once everything that the URL asks for was granted: user, database, TLS.
import { kindOf, Unreachable } from '@container-counter/network/failure';
import { Redis, type RedisOptions } from 'ioredis';

/** What a connection tells of its Redis before it is of use. */
export type Greeting = {
  /** The clock of Redis in seconds, read at some time before this was returned. */
  readonly time: number;
  /** Whether its settings let it evict keys, such as counts, when its memory is full. */
  readonly mayEvict: boolean;
  /** Whether the URL has a password that Redis does not ask for. */
  readonly needlessPassword: boolean;
};

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

/**
 * Call it first on each connection that is ready.
 * @throws the first thing that went wrong, for what follows it is its consequence: who is refused hears so once, and is
 * disconnected
 */
export const greet = async (redis: Redis, url: URL): Promise<Greeting> => {
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const database = url.pathname.slice(1);
  let needlessPassword = false;
  // Together, and the first that fails is the one that counts: its reply comes first.
  const [, , time, memory] = await Promise.all([
    password !== '' &&
      redis.call('AUTH', ...(user === '' ? [] : [user]), password).catch((error: Error) => {
        if (!NO_PASSWORD.test(error.message)) throw error;
        needlessPassword = true;
      }),
    // In capitals ioredis does not take it for its own `select`, which it would send by itself after a reconnect.
    Number(database) !== 0 &&
      redis.call('SELECT', database).catch((error: Error) => {
        // That it is no integer is not about a key.
        throw kindOf(error) === 'wrong type' ? new Unreachable('no such database', { cause: error }) : error;
      }),
    redis.time(),
    redis.info('memory').catch(() => ''), // who may not ask is not told
  ]);
  const [seconds, microseconds] = time;
  return {
    time: Number(seconds) + Number(microseconds) / 1e6,
    mayEvict: EVICTS.test(memory) && LIMITED.test(memory),
    needlessPassword,
  };
};

const NO_PASSWORD = /no password is set|without any password configured/;
const LIMITED = /^maxmemory:[1-9]/m;
// Every other policy evicts; those of volatile keys evict the keys of repeats, which expire.
const EVICTS = /^maxmemory_policy:(?!noeviction)/m;
