// HTTP pipelining: short requests to an upstream share one connection, and do not wait for each other's responses.
import { connect, type Socket } from 'node:net';
import { Unreachable } from '@container-counter/network/failure';
import type { ClientRequest } from '../forward/client.ts';
import { PipelineAborted } from '../forward/errors.ts';
import type { ForwardedRequest, ResponseHead, ResponseSink, Transport } from '../forward/transport.ts';
import { createShortPaths } from './short-paths.ts';
import { parseSimpleResponse, type SimpleResponse } from './simple-response.ts';

type Options = {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  /** After which an idle connection is closed. */
  readonly keepAliveMs: number;
  /** Called when the connection ends without an announcement. */
  readonly onLost: () => void;
  /** Called for unsolicited bytes, or bytes that cannot be told apart from these. */
  readonly onViolation: (what: string) => void;
};

type Entry = {
  readonly id: string;
  readonly path: string;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** Undefined once the request was cancelled: its response is still read, and discarded. */
  sink: ResponseSink | undefined;
};

/**
 * HTTP pipelining (RFC 9112, 9.3.2): several requests go out in one write, and wake the replica once. Responses come in
 * the order of the requests, and nothing in HTTP/1.1 says which request a response belongs to. Therefore
 * - only an upstream that echoes `X-Request-Id` gets a pipeline, and each response must have the id of the first pending
 *   request: no client gets another's response, whatever the upstream sends;
 * - only requests whose last response was short are sent here, so that none waits behind a long one;
 * - only simple responses are accepted (simple-response.ts). Any other byte closes the connection, the pending requests
 *   are resent elsewhere, and the upstream gets no pipeline for a while;
 * - a response is relayed once it is complete, so that a truncated one can be requested again;
 * - when one times out, all pending requests are resent elsewhere at once, to avoid head-of-line blocking.
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
  readonly #shortPaths = createShortPaths(SHORT_BODY_BYTES);
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
      isSimple(request) &&
      this.#shortPaths.has(request.path) &&
      // An id chosen by clients may occur twice, which would make two responses indistinguishable.
      (request.uniqueId || (this.#foreignIds.size < MAX_FOREIGN_IDS && !this.#foreignIds.has(request.id)))
    );
  }

  /** The response to `request` began with `head`, over whichever connection. */
  learn(
    { method, path }: Pick<ClientRequest, 'method' | 'path'>,
    { status, lines, length }: Pick<ResponseHead, 'status' | 'lines' | 'length'>,
  ): void {
    if (method !== 'GET') return;
    const known = length <= SHORT_BODY_BYTES && this.#shortPaths.has(path);
    if (!known) this.#shortPaths.learn(path, isSimpleResponse(status, lines, length) ? length : NaN);
  }

  send(request: ClientRequest, sink: ResponseSink, timeoutMs: number): ForwardedRequest {
    const entry: Entry = { id: request.id, path: request.path, deadline: performance.now() + timeoutMs, sink };
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

  /** Accepts no more requests, and completes the pending ones. */
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
    // One interval for all pending requests: a timer for each took an eighth of the proxy's CPU time.
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

  // All requests have the same timeout, so the first one expires first, and the others would only wait behind it.
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
    this.#shortPaths.forget(this.#waiting[0]?.path ?? '');
    this.#suspendedUntil = performance.now() + SUSPENSION_MS;
    this.#end(new PipelineAborted());
  }

  /** Closes the connection and fails all pending requests. The next request opens a new one. */
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

// The length first, which costs nothing.
const isSimpleResponse = (status: number, lines: string, length: number): boolean =>
  length <= SHORT_BODY_BYTES && parseSimpleResponse(`HTTP/1.1 ${status} ${lines}`) !== undefined;

// A request that may be resent. Its headers must be small enough that no upstream rejects them early, out of order.
const isSimple = ({ method, body, lines }: ClientRequest): boolean =>
  method === 'GET' && body === undefined && lines.length <= MAX_REQUEST_BYTES && lines.includes('\r\nHost: ');

const serialize = ({ method, path, lines }: ClientRequest): string =>
  `${method} ${path} HTTP/1.1${lines}\r\nConnection: keep-alive\r\n\r\n`;

const EMPTY = Buffer.alloc(0);

// While so many requests wait here, others use the pool: a failure makes all that wait be sent again, which the retry budget
// has to allow.
const MAX_WAITING = 512;

const MAX_REQUEST_BYTES = 4096;
const MAX_HEAD_BYTES = 16_384;
const SHORT_BODY_BYTES = 16_384; // what comes in one read, most of the time
const MAX_BODY_BYTES = 65_536;
const MAX_FOREIGN_IDS = 10_000;

const SUSPENSION_MS = 30_000;
const CLOCK_MS = 100;
