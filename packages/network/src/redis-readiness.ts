// What a replica, and `counter why`, ask a Redis before they say that it counts: one sequence of commands for both.
import { type Ask, findForeignKey, KEYS } from './counter-keys.ts';
import { kindOf, Unreachable } from './failure-kind.ts';

export type RedisLogin = {
  readonly tls: boolean;
  /** Empty for the default user. */
  readonly user: string;
  /** Empty without one. */
  readonly password: string;
  readonly database: number;
};

export const loginOf = ({ protocol, username, password, pathname }: URL): RedisLogin => ({
  tls: protocol === 'rediss:',
  user: decoded(username),
  password: decoded(password),
  database: Number(pathname.slice(1)),
});

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that stands for itself
  }
};

/** What a connection finds out about its Redis before it is used. */
export type Greeting = {
  /** The clock of Redis in seconds, read at some time before this was returned. */
  readonly time: number;
  /** The policy by which it may evict keys, such as counts, once its memory is full; undefined when it never does. */
  readonly evictsBy: string | undefined;
  /** Whether the URL has a password that Redis does not ask for. */
  readonly needlessPassword: boolean;
};

/**
 * Call it first on each connection.
 * @throws the first thing that went wrong, for what follows it is its consequence: who is refused hears so once, and is
 * disconnected
 */
export const greetRedis = async (ask: Ask, { user, password, database }: RedisLogin): Promise<Greeting> => {
  let needlessPassword = false;
  // Together, and the first that fails is the one that counts: its reply comes first.
  const [, , time, memory] = await Promise.all([
    password !== '' &&
      ask('AUTH', ...(user === '' ? [] : [user]), password).catch((error: Error) => {
        if (!NO_PASSWORD.test(error.message)) throw error;
        needlessPassword = true;
      }),
    database !== 0 &&
      ask('SELECT', `${database}`).catch((error: Error) => {
        // That it is no integer is not about a key.
        throw kindOf(error) === 'wrong type' ? new Unreachable('no such database', { cause: error }) : error;
      }),
    ask('TIME'),
    ask('INFO', 'memory').catch(() => ''), // the user may not be allowed to
  ]);
  if (!Array.isArray(time)) throw new Unreachable('not redis');
  const [seconds, microseconds] = time;
  const policy = EVICTS.exec(`${memory}`)?.[1];
  return {
    time: Number(seconds) + Number(microseconds) / 1e6,
    evictsBy: LIMITED.test(`${memory}`) ? policy : undefined,
    needlessPassword,
  };
};

const NO_PASSWORD = /no password is set|without any password configured/;
const LIMITED = /^maxmemory:[1-9]/m;
// Every other policy evicts; those of volatile keys evict the keys of repeats, which expire.
const EVICTS = /^maxmemory_policy:(?!noeviction)(\S+)/m;

/** Whether a hit could be counted now; it changes nothing. @throws why not: an error of Redis, or {ForeignValue} */
export const checkReady = async (ask: Ask): Promise<void> => {
  await Promise.all([
    // Whatever refuses writes refuses this one, which writes nothing.
    ask('SETRANGE', KEYS.requests, '0', '').catch(unless('wrong type')),
    ask('EVAL', DRY_RUN, '3', KEYS.requests, KEYS.counters, KEYS.ip, KEYS.seen).catch(unless('other')),
  ]);
  const foreign = await findForeignKey(ask).catch(unless('no permission'));
  if (foreign !== undefined) throw foreign;
};

// From Redis 7 on, its first line asks for all that a script that writes needs before it runs, and the rest for each
// command that a hit needs. Older ones, and those that only resemble Redis, do not understand it.
const DRY_RUN = `#!lua
local needed = {
  { 'EVALSHA', 'x', '0' }, { 'TIME' }, { 'HLEN', KEYS[3] }, { 'HEXISTS', KEYS[3], 'x' }, { 'HGET', KEYS[3], 'x' },
  { 'ZSCORE', KEYS[2], 'x' }, { 'INCR', KEYS[1] }, { 'ZINCRBY', KEYS[2], '1', 'x' }, { 'HINCRBY', KEYS[3], 'x', '1' },
  { 'INCRBY', KEYS[1], '-1' }, { 'DEL', KEYS[1] }, { 'ZREM', KEYS[2], 'x' }, { 'HDEL', KEYS[3], 'x' },
}
for window = 0, 3 do
  local seen = ARGV[1] .. window
  for _, command in ipairs({
    { 'TTL', seen }, { 'EXISTS', seen }, { 'HGET', seen, 'x' }, { 'HSET', seen, 'x', '1' }, { 'EXPIRE', seen, '1' },
    { 'HDEL', seen, 'x' },
  }) do
    needed[#needed + 1] = command
  end
end
for _, command in ipairs(needed) do
  if not redis.acl_check_cmd(unpack(command)) then
    return redis.error_reply('NOPERM this user may not run ' .. table.concat(command, ' '))
  end
end`;

const unless =
  (kind: 'wrong type' | 'other' | 'no permission') =>
  (error: unknown): undefined => {
    if (kindOf(error) !== kind) throw error;
  };
