// Streams the body of a request, and enforces its maximum size.
import type { IncomingMessage } from 'node:http';
import { RequestRejected } from '../forward/errors.ts';

/** Whether `req` has a body (RFC 9112, 6.3): a length other than 0, or a transfer coding. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The sentence for a body of more than `max` bytes. */
export const tooLarge = (max: number): RequestRejected =>
  new RequestRejected(413, `The body is larger than ${max} bytes. Send a smaller one, or raise MAX_BODY_BYTES.`);

/**
 * Reads the body of `req` with backpressure. Nothing is read before the first chunk is requested, so that a body whose
 * upstream never connected can go to the next one. When reading stops early, the rest is discarded, so that the client
 * gets to read its response, and the connection can serve the next request.
 * @throws {RequestRejected} after `max` bytes
 */
export async function* bodyOf(req: IncomingMessage, max: number): AsyncGenerator<Buffer> {
  let length = 0;
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > max) throw tooLarge(max);
      yield chunk;
    }
  } finally {
    req.resume();
  }
}
