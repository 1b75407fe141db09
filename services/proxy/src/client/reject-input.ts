// Responds to what is not HTTP, or comes too slowly or too large, with one sentence, and closes the connection.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { plainAddress } from '@container-counter/network/addresses';
import { breakOff } from '@container-counter/service/break-off';
import type { Logger } from '@container-counter/service/log';
import type { ConnectionQueue } from './connection-queue.ts';
import { rawResponse } from './raw-response.ts';

type Client = Duplex & { readonly remoteAddress?: string | undefined };

/**
 * Refuses what `server` cannot read, and cuts connections that fall silent.
 * @returns the function that refuses a connection whose request does not arrive
 */
export const rejectInput = (server: Server, queue: ConnectionQueue, log: Logger): ((socket: Client) => void) => {
  const refused = new WeakSet<Duplex>();

  const reject = (socket: Client, reason: string): void => {
    if (refused.has(socket) || reason === AFTER_CLOSE) return;
    refused.add(socket); // further errors are about the rest of the same input
    if (reason === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, sentence] = RESPONSES[reason] ?? [400, `This is not a valid HTTP request (${reason}).`];
    const requestId = randomUUID();
    log.info({ requestId, client: plainAddress(socket.remoteAddress), status, reason }, 'rejected input');
    const respond = () => socket.writable && rawResponse(socket, status, sentence, ['X-Request-Id', requestId]);
    const res = queue.latestResponse(socket);
    if (res === undefined || queue.idle(socket)) respond();
    else if (res.req.complete)
      res.once('finish', respond); // responses go out in order
    else if (res.headersSent || res.socket === null)
      breakOff(socket, res); // a second response would corrupt the first
    else respond();
  };

  const rejectSlow = (socket: Client) => reject(socket, 'ERR_HTTP_REQUEST_TIMEOUT');
  server.on('clientError', (error: InputError, socket) => reject(socket, codeOf(error)));
  server.on('connect', (req) => reject(req.socket, 'CONNECT'));
  server.on('timeout', (socket) => {
    const latest = queue.latestResponse(socket);
    const midway = latest === undefined ? socket.bytesRead > 0 : !latest.req.complete;
    if (midway) return rejectSlow(socket);
    if (queue.idle(socket)) return void socket.destroy();
    // If the client has read everything, the upstream is the one that is silent, and attempts have their own timeouts.
    if (socket.writableLength === 0) return void socket.setTimeout(server.timeout);
    log.info(
      { client: plainAddress(socket.remoteAddress), reason: 'the client does not read its response' },
      'closed connection',
    );
    breakOff(socket, latest);
  });
  return rejectSlow;
};

// Bytes after a request with `Connection: close` are ignored (RFC 9112, 9.6); its response is still sent.
const AFTER_CLOSE = 'HPE_CLOSED_CONNECTION';

type InputError = NodeJS.ErrnoException & {
  readonly reason?: string;
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
};

// The parser has the same code for an invalid version or method and for an unknown one.
const codeOf = ({ code = '', reason, rawPacket, bytesParsed = 0 }: InputError): string => {
  if (code === 'HPE_INVALID_VERSION' && reason === 'Invalid HTTP version') return 'UNKNOWN_VERSION';
  if (code !== 'HPE_INVALID_METHOD' || rawPacket === undefined) return code;
  const read = rawPacket.subarray(0, bytesParsed + MAX_LINE_LENGTH).toString('latin1');
  const line = read.slice(read.lastIndexOf('\n', bytesParsed - 1) + 1);
  return REQUEST_LINE.test(line) ? 'UNKNOWN_METHOD' : code;
};

const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ [\x21-\x7e]+ HTTP\/1\.[01]\r\n/;
const MAX_LINE_LENGTH = 1000;

const RESPONSES: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  CONNECT: [501, 'CONNECT is not supported by this proxy. Use GET.'],
  UNKNOWN_METHOD: [501, 'Unknown method. Methods are case-sensitive; use GET.'],
  UNKNOWN_VERSION: [505, 'This version of HTTP is not supported. Send HTTP/1.1.'],
  HPE_INVALID_URL: [400, 'The URL contains a character that must be percent-encoded, such as %C3%A9 for é.'],
  HPE_INVALID_CONSTANT: [
    400,
    'This is not a valid HTTP request (HPE_INVALID_CONSTANT). If its URL has a space, percent-encode it as %20.',
  ],
  HPE_HEADER_OVERFLOW: [
    431,
    'The headers of the request are too large. Send fewer or shorter ones, or raise MAX_HEADER_BYTES.',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large. Send none.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive. Send it again.'],
};
