// The proxy's own routes below /-/: the state of its upstreams, liveness and readiness.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendProblem } from '@container-counter/service/problem';
import { sendJson, sendText } from '@container-counter/service/send';
import type { ProxyContext } from '../forward/context.ts';
import { noUpstream } from '../forward/problems.ts';

type Handler = (context: ProxyContext, req: IncomingMessage, res: ServerResponse) => void;

const upstreams: Handler = (context, req, res) => {
  sendJson(req, res, { upstreams: context.upstreams.list().map((upstream) => upstream.report()) });
};

const healthz: Handler = (_context, req, res) => sendText(req, res, 'alive\n');

// Ready when a replica is healthy, but not before each was checked once, or the load would be uneven at first.
const readyz: Handler = (context, req, res) => {
  const { list, settled } = context.upstreams;
  const ready = settled() && list().some(({ healthy }) => healthy) && !context.draining.aborted;
  if (ready) sendText(req, res, 'ready\n');
  else sendProblem(req, res, noUpstream(context));
};

const ROUTES: Readonly<Record<string, Handler>> = {
  '/-/upstreams': upstreams,
  '/-/healthz': healthz,
  '/-/readyz': readyz,
};

/** Whether `path` is one of the proxy's own. */
export const isOwnRoute = (path: string): boolean => path.startsWith('/-/');

/**
 * Serves `req` if `path` is one of the proxy's own, or the request is about the proxy itself.
 * @returns whether it did
 */
export const serveOwnRoute = (
  context: ProxyContext,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  requestId: string,
): boolean => {
  const toServer = req.method === 'OPTIONS' && (path === '*' || Number(req.headers['max-forwards'] ?? NaN) === 0);
  if (!toServer && !isOwnRoute(path)) return false;
  res.setHeader('X-Request-Id', requestId);
  res.setHeader('Cache-Control', 'no-store');
  const handler = ROUTES[path.split('?')[0] ?? ''];
  if (toServer) {
    // RFC 9110, 9.3.7: what the server can do at all; and 7.6.2: a request that may not be forwarded any further.
    res.writeHead(200, { Allow: ALL_METHODS, 'Content-Length': 0 }).end();
  } else if (handler === undefined) {
    sendProblem(req, res, {
      status: 404,
      detail: `There is nothing at ${path}. Try ${Object.keys(ROUTES).join(', ')}.`,
    });
  } else if (req.method !== 'GET' && req.method !== 'HEAD') {
    sendProblem(req, res, {
      status: 405,
      detail: `${req.method} is not allowed for ${path}. Use GET.`,
      headers: { Allow: 'GET, HEAD' },
    });
  } else {
    handler(context, req, res);
  }
  return true;
};

const ALL_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
