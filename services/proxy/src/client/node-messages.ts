// A request and its response as node:http has them, in the form that forwarding takes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientRequest, ClientResponse } from '../forward/client.ts';
import { reasonPhrase } from '../forward/headers.ts';
import { bodyOf, hasBody } from './body.ts';

/** @param sent what an upstream gets in place of the target and headers of `req` */
export const clientRequest = (
  req: IncomingMessage,
  sent: Pick<ClientRequest, 'id' | 'path' | 'headers'>,
  maxBodyBytes: number,
): ClientRequest => ({
  ...sent,
  uniqueId: req.headers['x-request-id'] !== sent.id,
  method: req.method ?? 'GET',
  body: hasBody(req) ? () => bodyOf(req, maxBodyBytes) : undefined,
});

export const clientResponse = (req: IncomingMessage, res: ServerResponse): ClientResponse => {
  let bytes = NaN;
  let small: string | undefined;
  return {
    get closed() {
      return res.destroyed;
    },
    onDisconnect: (listener) => {
      res.once('close', () => {
        if (!res.writableFinished) listener();
      });
    },
    // RFC 9110, 15.2: passed on, but to HTTP/1.0, which has none.
    interim: (status, headers) => {
      if (req.httpVersion === '1.1') res.writeInformation(status, headers);
    },
    begin: (status, reason, headers, length) => {
      bytes = length;
      res.writeHead(status, reasonPhrase(reason), headers);
    },
    write: (chunk) => {
      // One that is here as a whole waits for its end: with the headers it is one string, which is the cheapest to write.
      if (chunk.length !== bytes || chunk.length > SMALL_BYTES) return res.write(chunk);
      small = chunk.toString('latin1');
      return true;
    },
    onDrain: (listener) => {
      res.once('drain', listener);
    },
    end: () => {
      if (small === undefined) res.end();
      else res.end(small, 'latin1');
    },
    abort: () => {
      res.destroy();
    },
  };
};

const SMALL_BYTES = 4096;
