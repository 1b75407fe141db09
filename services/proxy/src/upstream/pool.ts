// The connection pool of an upstream: kept connections, each for one request at a time.
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher, errors, Pool } from 'undici';
import type { ClientRequest } from '../forward/client.ts';
import type { ForwardedRequest, ResponseSink, Transport } from '../forward/transport.ts';
import { headerLines, isFieldValue, namesAndValues } from '../header-lines.ts';
import { replicaName } from './replica-name.ts';

type Options = {
  readonly connectTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly idleTimeoutMs: number;
  /** After which an idle connection is closed. */
  readonly keepAliveMs: number;
  /** Called when a connection ends without an announcement. */
  readonly onLost: () => void;
};

export type UpstreamPool = {
  /** Over a kept connection, where one is idle. */
  readonly kept: Transport;
  /** Over a new connection, which is closed after it. */
  readonly fresh: Transport;
  /** For requests of the proxy's own. */
  readonly dispatcher: Pool;
  /** Closes the connections once what is in flight has ended. */
  readonly close: () => Promise<void>;
  /** Cuts the connections. */
  readonly destroy: () => Promise<void>;
};

export const createPool = (origin: string, options: Options): UpstreamPool => {
  const { connectTimeoutMs, idleTimeoutMs, keepAliveMs, onLost } = options;
  const client = {
    connect: createConnector(connectTimeoutMs),
    bodyTimeout: idleTimeoutMs,
    // Without the maximum, the replica's Keep-Alive header would take precedence.
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
  };
  const pool = new Pool(origin, client);
  pool.on('disconnect', (_origin, _targets, error) => {
    if (!(error instanceof errors.InformationalError)) onLost();
  });
  const sendOver = (dispatcher: Dispatcher, { method, path, lines, body }: ClientRequest, sink: ResponseSink) => {
    const forwarded = new PooledRequest(sink);
    dispatcher.dispatch(
      {
        method,
        path,
        headers: namesAndValues(lines),
        body: body?.(sink) ?? null,
        headersTimeout: 0, // an attempt has a timer of its own, for undici looks at its clock twice a second only
      },
      forwarded,
    );
    return forwarded;
  };
  return {
    kept: { send: (request, sink) => sendOver(pool, request, sink) },
    fresh: {
      send: (request, sink) => {
        const once = new Client(origin, client);
        const forwarded = sendOver(once, request, sink);
        void once.close();
        return forwarded;
      },
    },
    dispatcher: pool,
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  };
};

// undici treats a reset as the end of a body without a length, like an orderly close. With another code it is a failure.
const createConnector = (timeout: number): buildConnector.connector => {
  const connect = buildConnector({ timeout });
  return (options, callback) =>
    connect(options, (...result: buildConnector.CallbackArgs) => {
      const socket = result[1] as Socket | null;
      socket?.on('error', (error: NodeJS.ErrnoException & { socket?: object }) => {
        if (error.code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET';
        error.socket ??= { bytesRead: socket.bytesRead };
      });
      callback(...result);
    });
};

class PooledRequest implements Dispatcher.DispatchHandler, ForwardedRequest {
  readonly #sink: ResponseSink;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: Error | undefined;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  abort(error: Error): void {
    this.#aborted = error;
    this.#controller?.abort(error);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(this.#aborted);
    else this.#sink.onSent();
  }

  onResponseStart(
    { rawHeaders }: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    reason?: string,
  ): void {
    this.#sink.onHead({
      status,
      reason,
      lines: headerLines((rawHeaders as Buffer[]).map(latin1)),
      length: Number(headers['content-length']),
      servedBy: replicaName(headers['x-served-by']),
      requestId: headers['x-request-id']?.toString(),
    });
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#sink.onData(chunk);
  }

  onResponseEnd(): void {
    this.#sink.onEnd();
  }

  onResponseError(_: unknown, error: Error): void {
    this.#sink.onError(error, wasKept(error));
  }
}

/** Whether `error` ended a connection that had carried responses before, so that it may just have been closed for its age. */
export const wasKept = (error: Error & { readonly socket?: { readonly bytesRead?: number } }): boolean =>
  (error.socket?.bytesRead ?? 0) > 0;

// A header's value is bytes (RFC 9110, 5.5); latin1 keeps each of them, and takes half the time of UTF-8.
const latin1 = (part: Buffer): string => {
  const text = part.toString('latin1');
  if (!isFieldValue(text)) throw new Error('it sent a header with a control character');
  return text;
};
