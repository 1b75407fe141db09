// The two ends of the proxy as plain sockets: an upstream that records bytes, and a client that sends them.
import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { listening } from '@container-counter/testing/listening';

/**
 * Starts a server that records what each of its connections carries, but for probes, and gets it at each piece.
 * @param echo whether it names the request in its response to a probe, as one that may get a shared connection
 */
export const startRawUpstream = async (
  t: TestContext,
  onBytes: (socket: Socket, bytes: string) => void,
  { echo = false } = {},
) => {
  const wire: string[] = [];
  const server = createServer((socket) => {
    const connection = wire.push('') - 1;
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      if (wire[connection] === '' && piece.startsWith('GET /readyz ')) return socket.write(ready(echo ? piece : ''));
      wire[connection] += piece;
      return onBytes(socket, wire[connection] as string);
    });
  });
  const port = await listening(t, server);
  const carried = () => wire.filter((bytes) => bytes !== '');
  return { address: `127.0.0.1:${port}`, port, server, carried };
};

export type RawClient = {
  readonly socket: Socket;
  readonly send: (bytes: string) => void;
  /** Resolves with all that was received, as latin1, when it matches. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Resolves with all that was received, when the other side has closed. */
  readonly closed: Promise<string>;
};

/** Connects to `port`, and sends `bytes`, each character one byte. */
export const rawClient = (t: TestContext, port: number, bytes = ''): RawClient => {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  t.after(() => socket.destroy());
  let received = '';
  socket.on('data', (piece: string) => {
    received += piece;
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const check = () => pattern.test(received) && resolve(received);
      socket.on('data', check);
      socket.once('close', () => reject(new Error(`Closed without ${pattern}:\n${received}`)));
      check();
    });
  const send = (text: string) => socket.write(text, 'latin1');
  send(bytes);
  return { socket, send, until, closed };
};

const ready = (request: string): string => {
  const id = /^x-request-id: .*\r\n/im.exec(request)?.[0] ?? '';
  return `HTTP/1.1 200 OK\r\nX-Served-By: raw\r\n${id}Content-Length: 0\r\n\r\n`;
};
