// WebSocket upgrades: passed through http-proxy to the replica whose turn it is.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { plainAddress } from '@container-counter/network/addresses';
import { requestIdOf } from '@container-counter/service/request-id';
import { createProxyServer } from 'http-proxy';
import { failed } from './answers.ts';
import { requestHeaders } from './headers.ts';
import { rawAnswer } from './raw-answer.ts';
import type { Route } from './route.ts';

/** Any other upgrade is an ordinary request, whose Upgrade header is hop-by-hop and may be ignored. */
export const isWebSocket = (req: IncomingMessage): boolean =>
  req.method === 'GET' && req.headers.upgrade?.toLowerCase() === 'websocket';

/** Makes the listener for `upgrade`. Upgraded connections have no end of their own: draining ends them. */
export const createUpgrade = (route: Route) => {
  const { config, upstreams, pick, log, draining } = route;
  const proxy = createProxyServer({ connectTimeout: config.CONNECT_TIMEOUT_MS });
  const open = new Set<Duplex>();
  draining.addEventListener('abort', () => {
    for (const socket of open) socket.end();
  });

  return (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const requestId = requestIdOf(req);
    const upstream = pick(upstreams.list(), new Set());
    const line = { requestId, method: req.method, url: req.url, client: plainAddress(req.socket.remoteAddress) };
    if (upstream === undefined) {
      const { status, detail } = failed(route, undefined, undefined, 0);
      log.info({ ...line, status }, 'upgrade');
      return rawAnswer(socket, status, detail);
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    log.info({ ...line, upstream: upstream.address }, 'upgrade');
    req.headers = upgradeHeaders(req, requestHeaders(req, requestId, config.TRUSTED_PROXIES));
    proxy.ws(req, socket, head, { target: `http://${upstream.address}` }, (error) => {
      upstream.failed += 1;
      void upstreams.check();
      const { status, detail } = failed(route, error, upstream, 1);
      log.warn({ ...line, upstream: upstream.address, status }, detail);
      rawAnswer(socket, status, detail);
    });
  };
};

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
