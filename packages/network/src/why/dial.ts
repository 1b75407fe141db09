// Opens a TCP connection, and asks a Redis at its end for a PING, within a bounded time.
import { once } from 'node:events';
import { connect as open, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Unreachable } from '../failure.ts';
import type { Aim } from './target.ts';

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

/** Asks for a PING, after a password where there is one. @throws an error that says in Redis's words what is wrong */
export const ping = async (socket: Socket, password: Aim['password'], timeoutMs: number): Promise<void> => {
  const auth = password && ['AUTH', ...(password.user ? [password.user] : []), password.secret];
  socket.setTimeout(timeoutMs, () => socket.destroy(new Unreachable('silent')));
  const failed = once(socket, 'close').then(() => Promise.reject(socket.errored ?? new Unreachable('closed')));
  const lines = createInterface(socket)
    .on('error', () => {})
    [Symbol.asyncIterator]();
  const reply = async () => {
    const { value = '', done } = await Promise.race([lines.next(), failed]);
    if (done) return failed;
    if (/^-(NOAUTH|WRONGPASS|LOADING|DENIED)/.test(value)) throw new Error(value.slice(1));
    if (!/^[+-]/.test(value)) throw new Unreachable('not redis');
    return value;
  };
  failed.catch(() => {}); // an answer may come first
  if (auth) {
    socket.write(command(auth));
    await reply(); // a Redis without a password refuses AUTH, and serves all the same
  }
  socket.write(command(['PING']));
  const answer = await reply();
  if (answer !== '+PONG') throw answer.startsWith('-') ? new Error(answer.slice(1)) : new Unreachable('not redis');
};

const command = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
