// Checks, over a new connection, whether a Redis can count hits, and finds out why not. It writes nothing.
import { once } from 'node:events';
import { isIP, connect as open, type Socket } from 'node:net';
import { connect as openTls } from 'node:tls';
import { type Ask, findForeignMember } from './counter-keys.ts';
import { kindOf, Unreachable } from './failure-kind.ts';
import { checkReady, type Greeting, greetRedis, loginOf, type RedisLogin } from './redis-readiness.ts';
import { replyReader } from './resp-reader.ts';

/**
 * What `error` really was, with which ioredis ended an attempt in which the server had said nothing: a reason is lost
 * when ioredis writes into a connection that was refused with a word and closed. This one reads.
 */
export const diagnoseRedis = async (error: unknown, url: URL, timeoutMs: number): Promise<unknown> => {
  // Without a response to TLS it looks as if no server was there.
  if (!SAYS_LITTLE.has(kindOf(error)) && !(url.protocol === 'rediss:' && kindOf(error) === 'unanswered')) return error;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    await askRedis(await connect(host, Number(url.port || 6379), timeoutMs), host, loginOf(url), timeoutMs);
    return error; // it is over by now
  } catch (reason) {
    return reason;
  }
};

/** @throws the error of the socket, or that it did not connect within `timeoutMs` */
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
 * @param onPong called when it replied to the PING
 * @throws an error whose kind says why hits cannot be counted there
 */
export const askRedis = async (
  socket: Socket,
  host: string,
  login: RedisLogin,
  timeoutMs: number,
  onPong = () => {},
): Promise<Greeting> => {
  const { remoteAddress = host, remotePort = 0 } = socket;
  try {
    return await talk(login.tls ? startTls(socket, host) : socket, login, timeoutMs, onPong);
  } catch (error) {
    if (!SAYS_LITTLE.has(kindOf(error))) throw error;
    const peer = () => connect(remoteAddress, remotePort, timeoutMs);
    throw (await whySaysLittle(peer, host, login.tls, timeoutMs)) ?? error;
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

const talk = async (socket: Socket, login: RedisLogin, timeoutMs: number, onPong: () => void): Promise<Greeting> => {
  const read = replyReader(socket, timeoutMs);
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: what is written to a server that has refused us may be in the way of reading why.
  const ask: Ask = (...words) => {
    const bytes = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
    const reply = last.then(() => {
      socket.write(`*${words.length}\r\n${bytes}`);
      return read();
    });
    last = reply.catch(() => {});
    return reply;
  };
  const greeting = await greetRedis(ask, login);
  const pong = await ask('PING');
  if (pong !== 'PONG') throw new Unreachable('not redis');
  onPong();
  await checkReady(ask); // which looks at the keys
  // Who may count may not be allowed to look at everything.
  const foreign = await findForeignMember(ask).catch(() => undefined);
  if (foreign !== undefined) throw foreign;
  return greeting;
};

type Peer = () => Promise<Socket>;

// It was silent, or closed without a word to what we wrote. One that refuses clients says so unasked, and then what is
// written is in the way of reading it; and a server of TLS takes only its own greeting, which one without does not take.
const whySaysLittle = async (peer: Peer, host: string, tls: boolean, timeoutMs: number): Promise<unknown> => {
  const refusal = peer()
    .then((socket) => replyReader(tls ? startTls(socket, host) : socket, timeoutMs)().finally(() => socket.destroy()))
    .then(
      () => new Unreachable('not redis'), // it greets, as a mail server does
      (error) => error,
    );
  const [failure, isOther] = await Promise.all([
    refusal,
    tls ? speaksPlainly(peer, timeoutMs) : speaksTls(peer, timeoutMs),
  ]);
  if (!SAYS_LITTLE.has(kindOf(failure))) return failure;
  return isOther ? new Unreachable(tls ? 'no tls' : 'tls required') : undefined;
};

const speaksPlainly = async (peer: Peer, timeoutMs: number): Promise<boolean> => {
  const plain = { tls: false, user: '', password: '', database: 0 };
  const kind = await peer()
    .then((socket) => talk(socket, plain, timeoutMs, () => {}).finally(() => socket.destroy()))
    .then(
      () => undefined,
      (error) => kindOf(error),
    );
  return kind === undefined || !(SAYS_LITTLE.has(kind) || kind === 'tls required');
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
