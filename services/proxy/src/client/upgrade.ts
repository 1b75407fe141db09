// WebSocket upgrades: passed through http-proxy to the replica whose turn it is.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { plainAddress } from '@container-counter/network/addresses';
import { Unreachable } from '@container-counter/network/failure';
import { requestIdOf } from '@container-counter/service/request-id';
import { traceparentOf } from '@container-counter/service/traceparent';
import { createProxyServer } from 'http-proxy';
import type { Route } from '../forward/context.ts';
import { requestHeaders } from '../forward/headers.ts';
import { failed } from '../forward/problems.ts';
import { createRoundRobin } from '../forward/round-robin.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { hasBody } from './body.ts';
import { endSoon, rawAnswer } from './raw-response.ts';
import { checkedTarget } from './request-target.ts';

/** Any other upgrade is an ordinary request, whose Upgrade header is hop-by-hop and may be ignored. */
export const isWebSocket = (req: IncomingMessage): boolean =>
  req.method === 'GET' &&
  req.httpVersion === '1.1' && // RFC 9110, 7.8
  req.headers.upgrade?.toLowerCase() === 'websocket' &&
  !hasBody(req);

/** Makes the listener for `upgrade`. Upgraded connections have no end of their own: draining ends them. */
export const createUpgrade = (route: Route) => {
  const { config, upstreams, log, draining } = route;
  // Turns of their own: with those of requests, whoever loads a page and opens its feed would take two at each time.
  const pick = createRoundRobin();
  // `toProxy` and `prependPath` keep http-proxy from parsing the path again, for it throws at what it cannot parse.
  const proxy = createProxyServer({ connectTimeout: config.CONNECT_TIMEOUT_MS, toProxy: true, prependPath: false });
  const answered = new WeakSet<Duplex>();
  proxy.on('proxyReqWs', (proxyReq, _req, socket) => bindLives(proxyReq, socket, config.TRY_TIMEOUT_MS, answered));
  // A client's reset: http-proxy ends the upstream's side by itself, and throws the error if nobody listens.
  proxy.on('error', () => {});
  const open = new Set<Duplex>();
  draining.addEventListener('abort', () => {
    for (const socket of open) endSoon(socket);
  });

  return (req: IncomingMessage, socket: Socket, head: Buffer): void => {
    const requestId = requestIdOf(req);
    const line = {
      requestId,
      method: req.method,
      url: req.url,
      client: plainAddress(req.socket.remoteAddress),
      traceparent: traceparentOf(req),
    };
    const refuse = (error: unknown, upstream?: Upstream): void => {
      const { status, detail } = failed(route, error, upstream, 1);
      log.info({ ...line, upstream: upstream?.address, status, reason: detail }, 'upgrade');
      rawAnswer(socket, status, detail);
    };
    if (socket.remoteAddress === undefined) return void socket.destroy(); // it was reset before it was read
    try {
      const target = checkedTarget(req, config.MAX_BODY_BYTES);
      req.url = target.path;
      req.headers = upgradeHeaders(req, requestHeaders(req, target.host, requestId, config.TRUSTED_PROXIES));
    } catch (error) {
      return refuse(error);
    }
    const upstream = draining.aborted ? undefined : pick(upstreams.list(), new Set());
    if (upstream === undefined) return refuse(undefined);
    upstream.picked += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    log.info({ ...line, upstream: upstream.address }, 'upgrade');
    proxy.ws(req, socket, head, { target: `http://${upstream.address}` }, (error) => {
      if (socket.destroyed || answered.has(socket)) return; // a status line now would be read as WebSocket frames
      upstream.failed += 1;
      void upstreams.check();
      refuse(connectTimedOut(error) ? new Unreachable('unanswered', { cause: error }) : error, upstream);
    });
  };
};

// http-proxy ties the two connections together only once they are upgraded. Before that, and when the upstream answers
// without upgrading, either may end or fall silent, and the other must learn of it.
const bindLives = (proxyReq: ClientRequest, socket: Duplex, timeoutMs: number, answered: WeakSet<Duplex>): void => {
  const abort = () => proxyReq.destroy();
  socket.once('close', abort).once('end', abort);
  // Who does not read from a connection does not see its end; what is there to read stays for the upgraded connection.
  const look = () => socket.readableLength === 0 && socket.read();
  socket.on('readable', look);
  proxyReq.setTimeout(timeoutMs, () => proxyReq.destroy(new Unreachable('silent')));
  proxyReq.once('upgrade', (_answer, upstreamSocket) => {
    answered.add(socket);
    socket.off('close', abort).off('end', abort).off('readable', look);
    socket.once('close', () => endSoon(upstreamSocket));
  });
  proxyReq.once('response', (answer) => {
    answered.add(socket);
    answer.once('close', () => {
      if (!answer.complete) socket.destroy();
    });
  });
};

const connectTimedOut = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNECT_TIMEOUT';

const upgradeHeaders = (req: IncomingMessage, head: readonly string[]): NodeJS.Dict<string | string[]> => {
  const headers: NodeJS.Dict<string | string[]> = { connection: 'Upgrade', upgrade: req.headers.upgrade };
  for (let i = 0; i < head.length; i += 2) {
    const name = (head[i] as string).toLowerCase();
    const before = headers[name];
    const value = head[i + 1] as string;
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
};
