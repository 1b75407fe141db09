// WS /live: who may watch, and how many; each connection is a viewer of the feed until it closes.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { endSoon } from '@container-counter/service/end-soon';
import type { TrustPeer } from '@container-counter/service/environment';
import type { Logger } from '@container-counter/service/log';
import { requestIdOf } from '@container-counter/service/request-id';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Feed } from './feed.ts';
import { isOwnOrigin } from './origin.ts';

/** Any other upgrade is treated as an ordinary request: `curl --http2` sends one with each. */
export const isLive = ({ method, httpVersion, url = '', headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  httpVersion === '1.1' && // RFC 9110, 7.8
  /^\/live(\?|$)/.test(url) &&
  headers.upgrade?.toLowerCase() === 'websocket';

/** The replica that has the viewers, and the peers whose word about a client it takes. */
type Viewed = {
  readonly name: string;
  readonly log: Logger;
  readonly draining: AbortSignal;
  readonly trustedProxies: TrustPeer;
};

/** Makes the listener for `upgrade`, of requests that `isLive` has let through. */
export const createViewers = ({ name: replica, log, draining, trustedProxies }: Viewed, feed: Feed) => {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  const own = (req: IncomingMessage) => [`X-Served-By: ${replica}`, `X-Request-Id: ${requestIdOf(req)}`];
  server.on('headers', (headers, req) => headers.push(...own(req)));
  server.on('wsClientError', (_error, socket, req) => refuse(socket, own(req), REFUSED.handshake));
  draining.addEventListener('abort', () => {
    for (const viewer of server.clients) leave(viewer, 1001, 'This replica is stopping.');
  });

  const watch = (viewer: WebSocket): void => {
    viewer.on('error', () => {}); // `close` comes after it
    viewer.once('message', () => leave(viewer, 1008, 'This feed only sends.'));
    viewer.once('close', () => feed.remove(viewer));
    void feed.add(viewer);
  };

  return (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refusal = draining.aborted ? REFUSED.draining : refusalOf(req, server.clients.size, trustedProxies);
    const requestId = requestIdOf(req);
    req.headers['x-request-id'] = requestId; // for the response, where the request brings none
    log.info({ requestId, url: req.url, status: refusal?.status ?? 101 }, 'viewer');
    if (refusal === undefined) server.handleUpgrade(req, socket, head, watch);
    else refuse(socket, own(req), refusal);
  };
};

const MAX_VIEWERS = 1000;

type Refusal = { readonly status: string; readonly sentence: string; readonly header?: string };

const REFUSED = {
  draining: { status: '503 Service Unavailable', sentence: 'This replica is stopping. Try another one.' },
  full: { status: '503 Service Unavailable', sentence: `This replica has ${MAX_VIEWERS} viewers. Try another one.` },
  origin: {
    status: '403 Forbidden',
    sentence: 'Pages from another origin may not connect. Open the page from this origin.',
  },
  handshake: {
    status: '400 Bad Request',
    sentence: 'This is not a WebSocket handshake (RFC 6455). Use counter watch.',
    header: 'Sec-WebSocket-Version: 13',
  },
} as const satisfies Readonly<Record<string, Refusal>>;

const refusalOf = (req: IncomingMessage, viewers: number, trusted: TrustPeer): Refusal | undefined => {
  if (!isOwnOrigin(req, trusted)) return REFUSED.origin;
  return viewers >= MAX_VIEWERS ? REFUSED.full : undefined;
};

const refuse = (socket: Duplex, own: readonly string[], { status, sentence, header }: Refusal): void => {
  socket.on('error', () => {});
  // No time limit of the server applies to it any more, and unread bytes would keep its end from being noticed.
  socket.resume();
  const head = [`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Type: text/plain; charset=utf-8'];
  const length = `Content-Length: ${Buffer.byteLength(sentence) + 1}`;
  socket.write([...head, ...(header ? [header] : []), length, ...own, '', `${sentence}\n`].join('\r\n'));
  endSoon(socket);
};

// A peer that does not complete the closing handshake is terminated.
const leave = (viewer: WebSocket, code: number, reason: string): void => {
  viewer.close(code, reason);
  const cut = setTimeout(() => viewer.terminate(), 500);
  viewer.once('close', () => clearTimeout(cut));
};
