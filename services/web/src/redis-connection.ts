// A connection to Redis that is of use only once everything that the URL asks for was granted: user, database, TLS.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
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
  const database = Number(url.pathname.slice(1));
  const [auth, select, time, memory] = await Promise.allSettled([
    password === '' ? undefined : redis.call('AUTH', ...(user === '' ? [] : [user]), password),
    // In capitals, ioredis does not take it for its own `select`, which it would send by itself after a reconnect.
    database === 0 ? undefined : redis.call('SELECT', database),
    redis.time(),
    redis.info('memory'),
  ]);
  const needlessPassword = auth.status === 'rejected' && NO_PASSWORD.test(String(auth.reason));
  if (!needlessPassword) granted(auth);
  granted(select);
  const [seconds, microseconds] = granted(time);
  // Who may not ask is not told.
  const mayEvict = memory.status === 'fulfilled' && EVICTS.test(memory.value) && LIMITED.test(memory.value);
  return { time: Number(seconds) + Number(microseconds) / 1e6, mayEvict, needlessPassword };
};

const granted = <T>(settled: PromiseSettledResult<T>): T => {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
};

const NO_PASSWORD = /no password is set|without any password configured/;
const LIMITED = /^maxmemory:[1-9]/m;
// Every other policy evicts; those of volatile keys evict the keys of repeats, which expire.
const EVICTS = /^maxmemory_policy:(?!noeviction)/m;

/**
 * What `error`, which ended an attempt to connect, really was. A server that speaks TLS, and one that does not, say
 * nothing to who speaks otherwise: the one resets the connection, the other waits for the end of a line. So it is asked
 * once more, in the other way. Only for an attempt in which it had not said anything.
 */
export const diagnose = async (error: unknown, url: URL, timeoutMs: number): Promise<unknown> => {
  const kind = kindOf(error);
  if (kind !== 'closed' && kind !== 'unanswered' && kind !== 'silent') return error;
  const at = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) };
  if (url.protocol === 'redis:') {
    const secure = connectTls({ ...at, rejectUnauthorized: false });
    const isTls = await first(secure, ['secureConnect'], timeoutMs);
    return isTls ? new Unreachable('tls required', { cause: error }) : error;
  }
  const plain = connect(at).once('connect', () => plain.write('PING\r\n'));
  const isPlain = await first(plain, ['data'], timeoutMs);
  return isPlain ? new Unreachable('no tls', { cause: error }) : error;
};

// Whether one of `events` comes, in time and before the end.
const first = (socket: Socket, events: readonly string[], timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const settle = (outcome: boolean) => () => {
      resolve(outcome);
      socket.destroy();
    };
    for (const event of events) socket.once(event, settle(true));
    for (const event of ['error', 'close', 'timeout']) socket.on(event, settle(false));
    socket.setTimeout(timeoutMs);
  });
