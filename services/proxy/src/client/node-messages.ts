// Adapts a request and response of node:http to the interface of forwarding.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { breakOff } from '@container-counter/service/break-off';
import type { TrustPeer } from '@container-counter/service/environment';
import type { ClientRequest, ClientResponse } from '../forward/client.ts';
import { peerOf, requestLines, upgradeRequired } from '../forward/headers.ts';
import { headerLines, namesAndValues } from '../header-lines.ts';
import { bodyOf, hasBody } from './body.ts';
import { reasonPhrase } from './status-line.ts';

/** The header lines of `req` for an upstream. */
export const linesForUpstream = (
  { method, headers, rawHeaders, socket }: IncomingMessage,
  host: string | undefined,
  id: string,
  trust: TrustPeer,
): string => requestLines({ method, headers, lines: headerLines(rawHeaders) }, host, id, peerOf(socket, trust));

/** @param sent what an upstream gets in place of the target and headers of `req` */
export const clientRequest = (
  req: IncomingMessage,
  sent: Pick<ClientRequest, 'id' | 'path' | 'lines'>,
  maxBodyBytes: number,
): ClientRequest => ({
  ...sent,
  uniqueId: req.headers['x-request-id'] !== sent.id,
  method: req.method ?? 'GET',
  body: hasBody(req) ? (listener) => bodyOf(req, maxBodyBytes, listener) : undefined,
});

export class NodeResponse implements ClientResponse {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  #length = NaN;
  #small: string | undefined;

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req;
    this.#res = res;
  }

  get closed(): boolean {
    return this.#res.destroyed;
  }

  onDisconnect(listener: () => void): void {
    this.#res.once('close', () => {
      if (!this.#res.writableFinished) listener();
    });
  }

  // RFC 9110, 15.2: passed on, but to HTTP/1.0, which has none.
  interim(status: number, lines: string): void {
    if (this.#req.httpVersion === '1.1') this.#res.writeInformation(status, namesAndValues(lines));
  }

  begin(status: number, reason: string | undefined, lines: string, length: number): void {
    this.#length = length;
    if (this.#req.httpVersion === '1.0') this.#res.useChunkedEncodingByDefault = false; // though it may ask for chunks
    const own = status === 426 ? upgradeRequired(!this.#res.shouldKeepAlive) : '';
    this.#res.writeHead(status, reasonPhrase(reason), namesAndValues(lines + own));
    if (!(length <= SMALL_BYTES)) setImmediate(() => this.#res.writableEnded || this.#res.flushHeaders());
  }

  write(chunk: Buffer): boolean {
    // A small complete body is written in `end`, as one string with the headers, which is the cheapest write.
    if (chunk.length !== this.#length || chunk.length > SMALL_BYTES) return this.#res.write(chunk);
    this.#small = chunk.toString('latin1');
    return true;
  }

  onDrain(listener: () => void): void {
    this.#res.once('drain', listener);
  }

  end(): void {
    if (this.#small === undefined) this.#res.end();
    else this.#res.end(this.#small, 'latin1');
  }

  abort(): void {
    breakOff(this.#req.socket, this.#res);
    this.#res.destroy();
  }
}

const SMALL_BYTES = 4096;
