// Asks a Redis, over a connection of its own, whether it can count hits, and finds out why not. It writes nothing.
import { once } from 'node:events';
import { isIP, connect as open, type Socket } from 'node:net';
import { connect as openTls } from 'node:tls';
import { kindOf, Unreachable } from './failure-kind.ts';
import { replyReader } from './redis-reply.ts';

export type RedisLogin = {
  readonly tls: boolean;
  /** Empty for the default user. */
  readonly user: string;
  /** Empty where there is none. */
  readonly password: string;
  readonly database: number;
};

/** What a Redis that can count says of itself. */
export type RedisReport = {
  /** The policy by which it may throw counts away once its memory is full; undefined when it never does. */
  readonly evictsBy: string | undefined;
};

/**
 * Connects to `host` and asks. A client such as ioredis may have lost the reason of a failure, because it writes into a
 * connection that the server had refused with a word and closed: this one reads.
 * @throws an error whose kind says why hits cannot be counted there
 */
export const checkRedis = async (url: URL, timeoutMs: number): Promise<RedisReport> => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = await connect(host, Number(url.port || 6379), timeoutMs);
  return askRedis(socket, host, loginOf(url), timeoutMs);
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

/** @throws the error of the socket, or that it was not answered within `timeoutMs` */
export const connect = async (address: string, port: number, timeoutMs: number): Promise<Socket> => {
  const socket = open({ host: address, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
    return socket.on('error', () => {});
  } catch (error) {
    socket.destroy();
    throw (error as Error).name === 'AbortError' ? new Unreachable('unanswered', { cause: error }) : error;
  }
};

/**
 * Asks the server at the other end of `socket`, and closes it. @param host the name that its certificate must be for
 * @param onPong told when it answered the PING
 * @throws an error whose kind says why hits cannot be counted there
 */
export const askRedis = async (
  socket: Socket,
  host: string,
  login: RedisLogin,
  timeoutMs: number,
  onPong = () => {},
): Promise<RedisReport> => {
  const { remoteAddress = host, remotePort = 0 } = socket;
  try {
    return await talk(login.tls ? startTls(socket, host) : socket, login, timeoutMs, onPong);
  } catch (error) {
    if (!SAYS_LITTLE.has(kindOf(error))) throw error;
    const peer = () => connect(remoteAddress, remotePort, timeoutMs);
    throw (await (login.tls ? whyNotTls(peer, timeoutMs) : whyClosed(peer, timeoutMs))) ?? error;
  } finally {
    socket.destroy();
  }
};

const SAYS_LITTLE: ReadonlySet<string> = new Set(['closed', 'silent']);

const startTls = (socket: Socket, host: string, rejectUnauthorized = true): Socket =>
  openTls({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized }).on(
    'error',
    () => {},
  );

const talk = async (socket: Socket, login: RedisLogin, timeoutMs: number, onPong: () => void): Promise<RedisReport> => {
  const read = replyReader(socket, timeoutMs);
  const ask = async (...words: string[]): Promise<string> => {
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    // As ioredis does: some errors mean something only by what was asked.
    return read().catch((error) => {
      throw Object.assign(error, { command: { name: words[0]?.toLowerCase() } });
    });
  };
  const { user, password, database } = login;
  // A Redis without a password refuses AUTH, and serves all the same.
  if (password !== '') await ask('AUTH', ...(user === '' ? [] : [user]), password).catch(unlessOther);
  if (database !== 0) await ask('SELECT', `${database}`);
  const pong = await ask('PING');
  if (pong !== 'PONG') throw new Unreachable('not redis');
  onPong();
  await ask('EVAL', DRY_RUN, '3', 'requests', 'counters', 'ip').catch(unlessOther);
  return reportOf(await ask('INFO').catch(unlessOther));
};

// From Redis 7 on, this first line asks for all that a script that writes needs before it runs: memory, a disk, being
// no replica, the permissions for its keys. Older ones, and those that only resemble Redis, do not understand it.
const DRY_RUN = '#!lua\nreturn "it could write"';

const unlessOther = (error: unknown): string => {
  if (kindOf(error) !== 'other') throw error;
  return '';
};

const reportOf = (info: string): RedisReport => {
  const of = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const limit = Number(of('maxmemory') ?? 0);
  if (of('redis_mode') === 'sentinel') throw new Error("ERR unknown command 'EVALSHA'");
  if (of('redis_mode') === 'cluster') throw new Unreachable('cluster');
  if (of('role') === 'slave' && of('slave_read_only') !== '0') throw new Unreachable('read-only');
  const counted = Number(of('used_memory') ?? 0) - Number(of('mem_not_counted_for_evict') ?? 0);
  const policy = of('maxmemory_policy') ?? 'noeviction';
  const evicts = limit > 0 && policy.startsWith('allkeys');
  if (limit > 0 && !evicts && counted > limit) throw new Unreachable('out of memory');
  return { evictsBy: evicts ? policy : undefined };
};

type Peer = () => Promise<Socket>;

// It closed without a word to what we wrote. One that refuses clients says so unasked, and then what is written is in
// the way of reading it; and a server of TLS takes only its own greeting.
const whyClosed = async (peer: Peer, timeoutMs: number): Promise<unknown> => {
  const refusal = peer()
    .then((socket) => replyReader(socket, timeoutMs)().finally(() => socket.destroy()))
    .then(
      () => new Unreachable('not redis'), // it greets, as a mail server does
      (error) => error,
    );
  const [said, tls] = await Promise.all([refusal, speaksTls(peer, timeoutMs)]);
  if (!SAYS_LITTLE.has(kindOf(said))) return said;
  return tls ? new Unreachable('tls required') : undefined;
};

const whyNotTls = async (peer: Peer, timeoutMs: number): Promise<unknown> => {
  const plain = { tls: false, user: '', password: '', database: 0 };
  const kind = await peer()
    .then((socket) => talk(socket, plain, timeoutMs, () => {}).finally(() => socket.destroy()))
    .then(
      () => undefined,
      (error) => kindOf(error),
    );
  return kind === undefined || !SAYS_LITTLE.has(kind) ? new Unreachable('no tls') : undefined;
};

// Whether it accepts the greeting, or refuses it in terms of TLS.
const speaksTls = async (peer: Peer, timeoutMs: number): Promise<boolean> => {
  const socket = await peer().catch(() => undefined);
  if (socket === undefined) return false;
  try {
    await once(startTls(socket, 'localhost', false), 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch (error) {
    return kindOf(error) === 'client certificate' || kindOf(error) === 'tls failed';
  } finally {
    socket.destroy();
  }
};
