// An answer written straight to a socket, for connections that have no response object.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers with one sentence and closes the connection. */
export const rawAnswer = (socket: Duplex, status: number, sentence: string): void => {
  const body = `${sentence}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.resume(); // closed with anything unread, it would be reset, and its client might not get to read the answer
  endSoon(socket);
};

/** Ends `socket`, and does not wait for ever for its other side to do the same. */
export const endSoon = (socket: Duplex): void => {
  socket.end();
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
};

const FAREWELL_MS = 500;
