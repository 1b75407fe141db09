// Writes the response to a simple request to its socket.
import type { Socket } from 'node:net';
import type { PendingResponse } from '@container-counter/service/connections';
import type { ClientResponse } from '../forward/client.ts';
import { upgradeRequired } from '../forward/headers.ts';
import { httpDate } from './http-date.ts';
import { statusLine } from './status-line.ts';

type Options = {
  readonly socket: Socket;
  readonly method: 'GET' | 'HEAD';
  /** Whether the client wants the connection closed. */
  readonly close: boolean;
  /** What a client may rely on for a connection that it keeps, in seconds. */
  readonly keepAliveSeconds: number;
  /** Whether the client has sent more already, which must not be lost if this process wants the connection closed. */
  readonly more: () => boolean;
};

export class FastResponse implements ClientResponse, PendingResponse {
  readonly req = COMPLETE;
  /** Set to false by whoever wants this response to be the last one of its connection. */
  shouldKeepAlive = true;
  headersSent = false;
  status = 0;
  /** Whether all of it was written. */
  ended = false;
  /** Whether it ends the connection; valid once `headersSent`. */
  last = false;
  readonly #options: Options;
  #disconnected: (() => void) | undefined;
  #length = NaN;
  #chunked = false;
  #head = '';

  constructor(options: Options) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.ended || this.#options.socket.destroyed;
  }

  onDisconnect(listener: () => void): void {
    this.#disconnected = listener;
  }

  /** The connection was closed. */
  disconnected(): void {
    if (!this.ended) this.#disconnected?.();
  }

  writeContinue(): void {
    this.interim(100, '');
  }

  interim(status: number, lines: string): void {
    this.#options.socket.write(`${statusLine(status)}${lines}\r\n\r\n`, 'latin1');
  }

  begin(status: number, reason: string | undefined, lines: string, length: number): void {
    const { method, close, more, keepAliveSeconds } = this.#options;
    const bodiless = method === 'HEAD' || status === 204 || status === 304;
    this.last = close || (!this.shouldKeepAlive && !more());
    this.status = status;
    this.#length = length;
    this.#chunked = !bodiless && Number.isNaN(length);
    let head = statusLine(status, reason) + lines;
    if (!DATE.test(lines)) head += `\r\nDate: ${httpDate()}`;
    if (status === 426) head += upgradeRequired(this.last);
    else if (this.last) head += '\r\nConnection: close';
    else head += `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`;
    if (this.#chunked) head += '\r\nTransfer-Encoding: chunked';
    this.#head = `${head}\r\n\r\n`;
    this.headersSent = true;
    if (!(length <= SMALL_BYTES)) setImmediate(() => this.#flush()); // its body may be long in coming
  }

  write(chunk: Buffer): boolean {
    const { socket } = this.#options;
    if (chunk.length === 0) return true; // would end a chunked body
    // A small complete body goes out in one write with the headers.
    if (chunk.length === this.#length && chunk.length <= SMALL_BYTES) {
      this.#head += chunk.toString('latin1');
      return true;
    }
    if (this.#head === '' && !this.#chunked) return socket.write(chunk);
    socket.cork();
    if (this.#head !== '') socket.write(this.#head, 'latin1');
    this.#head = '';
    if (this.#chunked) socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    const more = socket.write(chunk);
    if (this.#chunked) socket.write('\r\n', 'latin1');
    socket.uncork();
    return more;
  }

  #flush(): void {
    if (this.#head === '' || this.#options.socket.destroyed) return;
    this.#options.socket.write(this.#head, 'latin1');
    this.#head = '';
  }

  onDrain(listener: () => void): void {
    this.#options.socket.once('drain', listener);
  }

  end(): void {
    const rest = this.#chunked ? `${this.#head}0\r\n\r\n` : this.#head;
    this.#head = '';
    this.ended = true;
    if (rest !== '') this.#options.socket.write(rest, 'latin1');
  }

  abort(): void {
    this.#options.socket.destroy();
  }
}

const COMPLETE = { complete: true, httpVersion: '1.1' } as const;
const DATE = /\r\ndate:/i;
const SMALL_BYTES = 4096;
