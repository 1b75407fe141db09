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
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
