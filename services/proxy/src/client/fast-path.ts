// Serves simple requests directly from their sockets, and hands the connections of all others to node:http.
import type { Socket } from 'node:net';
import { CLIENT_CLOSED_REQUEST, logOutcome } from '@container-counter/service/access-log';
import type { Connections } from '@container-counter/service/connections';
import { requestIdOf } from '@container-counter/service/request-id';
import { traceparentOf } from '@container-counter/service/traceparent';
import type { ProxyContext } from '../forward/context.ts';
import { type ForwardRecord, forward } from '../forward/forward.ts';
import { type Peer, peerOf, requestLines } from '../forward/headers.ts';
import { problemFor } from '../forward/problems.ts';
import { headerLines } from '../header-lines.ts';
import { FastResponse } from './fast-response.ts';
import { isOwnRoute } from './own-routes.ts';
import { problemResponse } from './problem-response.ts';
import { parseSimpleRequest, type SimpleRequest } from './simple-request.ts';

type Options = {
  readonly context: ProxyContext;
  readonly connections: Connections;
  /** Takes over a connection whose next request is not simple; all of that is still to be read. */
  readonly handOver: (socket: Socket) => void;
  /** Refuses a client that sends nothing. */
  readonly onSilence: (socket: Socket) => void;
};

/**
 * Creates the listener for new connections. node:http costs more than half of the processor time of a request; most
 * requests need nothing of it. Whether something is valid HTTP is never decided here: a request that is not simple, or not
 * here as a whole, goes to node:http with its connection, for good.
 */
export const createFastPath =
  (options: Options) =>
  (socket: Socket): void => {
    // A connection that was already reset has no address any more.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    new FastConnection(socket, options);
  };

class FastConnection {
  readonly #socket: Socket;
  readonly #options: Options;
  readonly #peer: Peer;
  #response: FastResponse | undefined; // the one that is not out yet: requests are served one after the other

  constructor(socket: Socket, options: Options) {
    const { config } = options.context;
    this.#socket = socket;
    this.#options = options;
    this.#peer = peerOf(socket, config.TRUSTED_PROXIES);
    socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose).on('timeout', this.#onTimeout);
    socket.setTimeout(Math.min(config.HEADER_TIMEOUT_MS, config.REQUEST_TIMEOUT_MS, config.IDLE_TIMEOUT_MS));
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#response !== undefined) return this.#postpone(chunk);
    const { context } = this.#options;
    const { MAX_HEADER_BYTES, IDLE_TIMEOUT_MS } = context.config;
    const request = parseSimpleRequest(chunk.toString('latin1', 0, MAX_HEADER_BYTES), MAX_HEADER_BYTES);
    // Pipelined requests are left to node:http too, which notices at once when their client disconnects.
    if (request?.length !== chunk.length || isOwnRoute(request.url)) return this.#handOver(chunk);
    if (this.#socket.timeout !== IDLE_TIMEOUT_MS) this.#socket.setTimeout(IDLE_TIMEOUT_MS); // it is not silent any more
    this.#serve(request).catch((error: unknown) => {
      context.log.error({ err: error }, 'unexpected error'); // ends only this connection
      this.#socket.destroy();
    });
  };

  // In the socket, for the end of the connection waits behind it there.
  #postpone(bytes: Buffer): void {
    this.#socket.pause();
    this.#socket.unshift(bytes);
  }

  readonly #onEnd = (): void => {
    if (this.#response === undefined) this.#socket.end();
  };

  readonly #onClose = (): void => this.#response?.disconnected();

  readonly #onTimeout = (): void => {
    const { context, onSilence } = this.#options;
    if (this.#socket.timeout !== context.config.IDLE_TIMEOUT_MS) {
      this.#leave(); // what comes yet was refused, and is sent again elsewhere
      return onSilence(this.#socket);
    }
    if (this.#response === undefined) return void this.#socket.destroy();
    // If the client has read everything, the upstream is the one that is silent, and attempts have their own timeouts.
    if (this.#socket.writableLength === 0) return void this.#socket.setTimeout(context.config.IDLE_TIMEOUT_MS);
    context.log.info({ client: this.#peer.address, reason: NOT_READING }, 'closed connection');
    this.#socket.destroy();
  };

  #handOver(unread: Buffer): void {
    this.#leave();
    this.#postpone(unread);
    this.#options.handOver(this.#socket);
    this.#socket.resume();
  }

  #leave(): void {
    this.#socket
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('close', this.#onClose)
      .off('timeout', this.#onTimeout);
  }

  async #serve(request: SimpleRequest): Promise<void> {
    const { context, connections } = this.#options;
    const { config, log, retries, observe } = context;
    const start = performance.now();
    const { method, url, host } = request;
    const id = requestIdOf(request);
    const response = new FastResponse({
      socket: this.#socket,
      method,
      close: request.close,
      keepAliveSeconds: Math.floor(config.IDLE_TIMEOUT_MS / 1000),
      more: () => this.#socket.readableLength > 0,
    });
    this.#response = response;
    connections.begin(this.#socket, response);
    retries.deposit();
    const record: ForwardRecord = { attempts: 0 };
    const lines = requestLines(request, host, id, this.#peer);
    const uniqueId = request.headers['x-request-id'] !== id;
    try {
      await forward(context, { id, uniqueId, method, path: url, lines, body: undefined }, response, record);
    } catch (error) {
      if (response.headersSent) response.abort();
      else this.#sendProblem(request, response, error, id, record);
    }
    if (this.#socket.writableLength > 0) await this.#flushed();

    const sent = response.ended && !this.#socket.destroyed ? response.status : CLIENT_CLOSED_REQUEST;
    const { status = sent, attempts, servedBy, reason } = record;
    const outcome = { requestId: id, traceparent: traceparentOf(request), method, url, status };
    const upstream = record.upstream?.address;
    logOutcome(log, { ...outcome, client: this.#peer.address, attempts, upstream, servedBy, reason }, start, observe);
    connections.end(this.#socket, response);
    this.#response = undefined;
    this.#continue(response.last);
  }

  #continue(last: boolean): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (last || socket.readableEnded) socket.destroySoon();
    else if (socket.isPaused()) socket.resume();
  }

  #sendProblem(
    request: SimpleRequest,
    response: FastResponse,
    error: unknown,
    id: string,
    record: ForwardRecord,
  ): void {
    const problem = problemFor(this.#options.context, error, record.upstream, record.attempts);
    const { headers, body } = problemResponse(request, id, problem, record.attempts);
    response.begin(problem.status, undefined, headerLines(headers), body?.length ?? 0);
    if (body !== undefined) response.write(body);
    response.end();
  }

  /** Resolves when everything is written, or the connection is closed. */
  #flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write('', () => resolve());
    });
  }
}

const NOT_READING = 'the client does not read its response';
