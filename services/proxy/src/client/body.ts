// Streams the body of a request, and enforces its maximum size.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { BodyListener } from '../forward/client.ts';
import { ClientDisconnected, RequestRejected } from '../forward/errors.ts';

/** Whether `req` has a body (RFC 9112, 6.3): a length other than 0, or a transfer coding. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The sentence for a body of more than `max` bytes. */
export const tooLarge = (max: number): RequestRejected =>
  new RequestRejected(413, `The body is larger than ${max} bytes. Send a smaller one, or raise MAX_BODY_BYTES.`);

/**
 * The body of `req`, of at most `max` bytes; more of it end the stream with a RequestRejected. Nothing is read before
 * somebody reads here, so that a body whose upstream never connected can go to the next one. When reading stops early,
 * the rest is discarded, so that the client gets to read its response, and the connection can serve the next request.
 */
export const bodyOf = (req: IncomingMessage, max: number, listener: BodyListener): Readable => {
  let length = 0;
  let begun = false;
  // As after a 408: what comes yet would complete a request that its client sends again.
  const isRefused = (): boolean => !req.socket.writable;
  const onData = (chunk: Buffer): void => {
    if (isRefused()) return void body.destroy(new ClientDisconnected());
    length += chunk.length;
    if (length > max) return void body.destroy(tooLarge(max));
    listener.onProgress();
    if (!body.push(chunk)) req.pause();
  };
  const onEnd = (): void => {
    if (isRefused()) return void body.destroy(new ClientDisconnected());
    listener.onProgress();
    body.push(null);
  };
  const onError = (error: Error): void => void body.destroy(error);
  const onClose = (): void => void (req.complete || body.destroy(new Error('aborted')));
  const body = new Readable({
    read: () => {
      listener.onWait();
      if (!begun) req.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
      begun = true;
      req.resume();
    },
    destroy: (error, done) => {
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      if (begun) req.resume();
      done(error);
    },
  });
  return body;
};
