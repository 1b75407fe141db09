// One connection to an upstream that short requests share: each is sent at once, behind those that still wait.
import { connect, type Socket } from 'node:net';
import { Unreachable } from '@container-counter/network/failure';
import type { ClientRequest } from '../forward/client.ts';
import { PipelineAborted } from '../forward/errors.ts';
import type { ForwardedRequest, ResponseSink, Transport } from '../forward/transport.ts';
import { parseSimpleResponse, type SimpleResponse } from './simple-response.ts';

type Options = {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  /** After which an idle connection is closed. */
  readonly keepAliveMs: number;
  /** Called when the connection ends without an announcement. */
  readonly onLost: () => void;
  /** Called when the upstream sends what no request asked for, or what cannot be told apart from that. */
  readonly onViolation: (what: string) => void;
};

type Entry = {
  readonly id: string;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** Undefined once nobody wants the response: it still comes, and is thrown away. */
  sink: ResponseSink | undefined;
};

/**
 * HTTP pipelining (RFC 9112, 9.3.2): a replica reads several requests in one wake-up, and several go out in one write.
 * Responses come in the order of the requests, and nothing in HTTP/1.1 says whose a response is. Therefore
 * - only an upstream that echoes `X-Request-Id` gets a pipeline, and each response must have the id of the first
 *   request that waits: no client gets the response of another, whatever the upstream sends;
 * - only simple responses count (simple-response.ts). Any other byte ends the connection, all that wait are sent again
 *   elsewhere, and for a while the upstream gets no new one;
 * - a response is passed on once it is here as a whole, so that one that breaks off can be asked for again;
 * - when one is late, all that wait go elsewhere at once: nobody waits for one after another.
 */
export class Pipeline implements Transport {
  readonly timesOut = true;
  readonly #options: Options;
  #socket: Socket | undefined;
  #connected = false;
  #waiting: Entry[] = []; // in the order of their responses
  #unsent = '';
  #received: Buffer = EMPTY;
  #responses = 0; // on this connection
  readonly #foreignIds = new Set<string>(); // chosen by clients, and used on this connection
  #closed = false;
  #suspendedUntil = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether `request` may be sent here now. */
  takes(request: ClientRequest): boolean {
    return (
      !this.#closed &&
      this.#waiting.length < MAX_WAITING &&
      performance.now() >= this.#suspendedUntil &&
      isShort(request) &&
      // Clients may choose the same id twice, which would not tell two responses apart.
      (request.uniqueId || (this.#foreignIds.size < MAX_FOREIGN_IDS && !this.#foreignIds.has(request.id)))
    );
  }

  send(request: ClientRequest, sink: ResponseSink, timeoutMs: number): ForwardedRequest {
    const entry: Entry = { id: request.id, deadline: performance.now() + timeoutMs, sink };
    this.#waiting.push(entry);
    if (!request.uniqueId) this.#foreignIds.add(request.id);
    if (this.#unsent === '') setImmediate(() => this.#flush()); // one write for all of this turn of the event loop
    this.#unsent += serialize(request);
    this.#socket ??= this.#connect();
    if (this.#connected) sink.onSent();
    return {
      abort: () => {
        entry.sink = undefined;
      },
      pause: () => {}, // the whole response is here, and it is short
      resume: () => {},
    };
  }

  /** Takes no more, and lets those that wait get their responses. */
  close(): void {
    this.#closed = true;
    if (this.#waiting.length === 0) this.#end(new PipelineAborted());
  }

  destroy(): void {
    this.#closed = true;
    this.#end(new PipelineAborted());
  }

  #connect(): Socket {
    const { host, port, connectTimeoutMs, keepAliveMs, onLost } = this.#options;
    const socket = connect({ host, port, noDelay: true });
    const current = () => this.#socket === socket;
    const timer = setTimeout(() => current() && this.#end(new Unreachable('unanswered')), connectTimeoutMs);
    // One clock for all that wait: a timer for each was an eighth of the proxy's processor time.
    const clock = setInterval(() => this.#checkTimeouts(), CLOCK_MS).unref();
    socket.once('close', () => clearInterval(clock));
    const lost = (error: Error) => {
      clearTimeout(timer);
      if (!current()) return;
      const connected = this.#connected;
      this.#end(error, this.#responses > 0);
      if (connected) onLost();
    };
    socket.once('connect', () => {
      clearTimeout(timer);
      if (!current()) return;
      this.#connected = true;
      for (const { sink } of this.#waiting) sink?.onSent();
      this.#flush();
    });
    socket.on('data', (chunk: Buffer) => current() && this.#read(chunk));
    socket.on('error', lost);
    socket.on('close', () => lost(new Unreachable('closed')));
    socket.setTimeout(keepAliveMs, () => current() && this.#end(new PipelineAborted()));
    return socket;
  }

  #flush(): void {
    if (!this.#connected || this.#unsent === '') return;
    this.#socket?.write(this.#unsent, 'latin1');
    this.#unsent = '';
  }

  #read(chunk: Buffer): void {
    const bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let start = 0;
    while (start < bytes.length) {
      if (this.#waiting.length === 0) return this.#violate('an unsolicited response');
      const end = bytes.indexOf('\r\n\r\n', start, 'latin1');
      if (end < 0) {
        if (bytes.length - start > MAX_HEAD_BYTES) return this.#suspend();
        break;
      }
      const response = parseSimpleResponse(bytes.toString('latin1', start, end));
      if (response === undefined || response.length > MAX_BODY_BYTES) return this.#suspend();
      if (response.requestId !== this.#waiting[0]?.id) return this.#violate('a response to another request');
      const body = end + 4;
      if (bytes.length - body < response.length) break;
      start = body + response.length;
      this.#deliver(response, bytes.subarray(body, start));
      if (response.close) {
        if (start < bytes.length) return this.#violate('bytes after the last response');
        return this.#end(new PipelineAborted());
      }
    }
    this.#received = start < bytes.length ? bytes.subarray(start) : EMPTY;
  }

  // The first that waits is the first to be late, and then it is no use to wait for those behind it.
  #checkTimeouts(): void {
    const [first] = this.#waiting;
    if (first !== undefined && performance.now() > first.deadline) this.#end(new Unreachable('silent'));
  }

  #deliver(response: SimpleResponse, body: Buffer): void {
    const sink = this.#waiting.shift()?.sink;
    this.#responses += 1;
    if (this.#closed && this.#waiting.length === 0) setImmediate(() => this.#end(new PipelineAborted()));
    sink?.onHead(response);
    if (body.length > 0) sink?.onData(body);
    sink?.onEnd();
  }

  #violate(what: string): void {
    this.#options.onViolation(what);
    this.#suspend();
  }

  #suspend(): void {
    this.#suspendedUntil = performance.now() + SUSPENSION_MS;
    this.#end(new PipelineAborted());
  }

  /** Ends the connection, and with it the wait of all. Who comes later gets a new one. */
  #end(error: Error, reused = false): void {
    const [socket, waiting] = [this.#socket, this.#waiting];
    this.#socket = undefined;
    this.#connected = false;
    this.#waiting = [];
    this.#unsent = '';
    this.#received = EMPTY;
    this.#responses = 0;
    this.#foreignIds.clear();
    socket?.destroy();
    for (const { sink } of waiting) sink?.onError(error, reused);
  }
}

// A request whose response is short, and which may be sent again. Its headers must be such that no upstream refuses
// them for their length, at once and out of turn.
const isShort = ({ method, path, body, headers }: ClientRequest): boolean => {
  if (method !== 'GET' || path !== '/' || body !== undefined || !headers.includes('Host')) return false;
  let length = 0;
  for (const part of headers) length += part.length;
  return length <= MAX_REQUEST_BYTES;
};

const serialize = ({ method, path, headers }: ClientRequest): string => {
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}Connection: keep-alive\r\n\r\n`;
};

const EMPTY = Buffer.alloc(0);

// While so many requests wait here, others use the pool: a failure makes all that wait be sent again.
const MAX_WAITING = 256;

const MAX_REQUEST_BYTES = 4096;
const MAX_HEAD_BYTES = 16_384;
const MAX_BODY_BYTES = 65_536;
const MAX_FOREIGN_IDS = 10_000;

const SUSPENSION_MS = 30_000;
const CLOCK_MS = 100;
