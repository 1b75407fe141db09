// One attempt at an upgrade: http-proxy sends the handshake to an upstream, and pipes the connections if it succeeds.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Unreachable } from '@container-counter/network/failure';
import { endSoon } from '@container-counter/service/end-soon';
import { createProxyServer } from 'http-proxy';
import { startDeadline } from '../forward/deadline.ts';
import { switchingHeaders } from '../forward/headers.ts';
import { prepareClose } from './close-frame.ts';

/** A request for an upgrade, and the connection that it came over, which has not been read any further. */
export type UpgradeRequest = { readonly req: IncomingMessage; readonly socket: Socket };

export type HandshakeOptions = {
  /** `host:port` of the upstream. */
  readonly address: string;
  readonly timeoutMs: number;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** The header lines that the proxy adds to a response that makes the upgrade. */
  readonly ownLines: string;
};

/** What an upstream responded. Where it upgraded, `close` tells the client of an upgraded connection that it ends. */
export type Handshake =
  | { readonly upgraded: true; readonly message: IncomingMessage; readonly close: () => void }
  | { readonly upgraded: false; readonly message: IncomingMessage };

/** @param flushMs how long a client may take to read what is left for it when its upstream has closed */
export const createHandshake = (connectTimeoutMs: number, flushMs: number) => {
  // `toProxy` and `prependPath` keep http-proxy from parsing the path again, for it throws at what it cannot parse.
  const proxy = createProxyServer({ connectTimeout: connectTimeoutMs, toProxy: true, prependPath: false });
  proxy.on('error', () => {}); // of the client's connection, which closes

  // A side that has ended may wait for the last message of the other one, but not for ever.
  const cutLater = (client: Socket, upstream: Socket): void => {
    const timer = setTimeout(() => {
      client.destroy();
      upstream.destroy();
    }, HALF_OPEN_MS).unref();
    client.once('close', () => clearTimeout(timer));
  };

  const start = ({ req, socket }: UpgradeRequest, address: string): ClientRequest => {
    let request: ClientRequest | undefined;
    proxy.once('proxyReqWs', (made: ClientRequest) => {
      request = made;
    });
    proxy.ws(req, socket, NOTHING, { target: `http://${address}` }, () => {});
    if (request === undefined) throw new Error('http-proxy made no request');
    return request;
  };

  return async (client: UpgradeRequest, options: HandshakeOptions): Promise<Handshake> => {
    const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
    const { socket } = client;
    const { signal } = options;
    const request = start(client, options.address);

    // Taken from http-proxy: it would end the client's connection when an attempt fails, and pass on any other response
    // with headers that are wrong for it. What it does to join the two connections is called when all is well.
    const joins = request.listeners('upgrade');
    for (const event of ['error', 'response', 'upgrade']) request.removeAllListeners(event);
    request.on('error', (error) =>
      reject(connectTimedOut(error) ? new Unreachable('unanswered', { cause: error }) : error),
    );
    request.once('response', (message) => resolve({ upgraded: false, message }));
    request.once('upgrade', (message, upstream: Socket, first: Buffer) => {
      upstream.on('error', () => {});
      if (message.headers.upgrade?.toLowerCase() !== 'websocket') {
        upstream.destroy();
        return reject(new Error('it switched to a protocol other than WebSocket'));
      }
      message.headers = switchingHeaders(message.rawHeaders, options.ownLines);
      socket.off('readable', look);
      const close = prepareClose(socket, upstream);
      for (const join of joins) Reflect.apply(join, request, [message, upstream, first]);
      for (const side of [socket, upstream]) {
        if (side.readableEnded) cutLater(socket, upstream);
        else side.once('end', () => cutLater(socket, upstream));
      }
      socket.once('close', () => endSoon(upstream));
      upstream.once('close', () => endSoon(socket, flushMs));
      resolve({ upgraded: true, message, close });
    });

    // A reset is noticed only while reading. What can be read is left for the upgraded connection.
    const look = () => socket.readableLength === 0 && socket.read();
    const abort = () => request.destroy(new Error('aborted'));
    const stopDeadline = startDeadline(options.timeoutMs, () => request.destroy(new Unreachable('silent')));
    socket.on('readable', look);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      return await promise;
    } finally {
      stopDeadline();
      socket.off('readable', look);
      signal.removeEventListener('abort', abort);
    }
  };
};

const NOTHING = Buffer.alloc(0);

const HALF_OPEN_MS = 3000;

const connectTimedOut = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNECT_TIMEOUT';
