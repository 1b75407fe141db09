// Writes responses directly to a socket that has no response object, and closes the connection after them.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { endSoon } from '@container-counter/service/end-soon';
import { responseLines, upgradeRequired } from '../forward/headers.ts';
import { headerLines } from '../header-lines.ts';
import { statusLine } from './status-line.ts';

/** Responds with one sentence, and closes the connection. @param headers names and values, beside the usual ones */
export const rawResponse = (
  socket: Duplex,
  status: number,
  sentence: string,
  headers: readonly string[] = [],
): void => {
  const body = `${sentence}\n`;
  const now = new Date().toUTCString();
  const own = ['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', `${Buffer.byteLength(body)}`];
  socket.write(
    headText(
      status,
      undefined,
      headerLines(['Connection', 'close', 'Date', now, 'Cache-Control', 'no-store', ...own, ...headers]),
    ),
  );
  socket.write(body);
  socket.resume(); // closing a socket with unread data resets it, and the client might lose the response
  endSoon(socket);
};

/** Passes on `message`, and closes the connection. @param own the header lines of the proxy's own */
export const forwardRaw = async (socket: Duplex, message: IncomingMessage, own: string): Promise<void> => {
  const { statusCode = 502, statusMessage, rawHeaders } = message;
  const bodiless = statusCode === 204 || statusCode === 304;
  const chunked = !bodiless && message.headers['content-length'] === undefined;
  const framing = chunked ? '\r\nTransfer-Encoding: chunked' : '';
  const connection = statusCode === 426 ? upgradeRequired(true) : '\r\nConnection: close';
  const all = connection + framing + responseLines(headerLines(rawHeaders)) + own;
  socket.write(headText(statusCode, statusMessage, all));
  socket.resume();
  try {
    if (chunked) await pipeline(message, inChunks, socket, { end: false });
    else await pipeline(message, socket, { end: false });
  } catch {
    socket.destroy(); // a broken response must not look like a whole one
  }
  endSoon(socket);
};

const headText = (status: number, reason: string | undefined, lines: string): Buffer =>
  Buffer.from(`${statusLine(status, reason)}${lines}\r\n\r\n`, 'latin1');

async function* inChunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    yield Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]);
  }
  yield Buffer.from('0\r\n\r\n');
}
