// The proxy as an HTTP server: the steps of a request, the limits, and what happens to input that is not HTTP.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from '@container-counter/network/addresses';
import { logRequest } from '@container-counter/service/access-log';
import { breakOff } from '@container-counter/service/break-off';
import { superviseConnections } from '@container-counter/service/connections';
import { serveHalfClosed } from '@container-counter/service/half-close';
import { createServer } from '@container-counter/service/http';
import { requestIdOf } from '@container-counter/service/request-id';
import type { ProxyContext } from '../forward/context.ts';
import { RequestRejected } from '../forward/errors.ts';
import { type ForwardRecord, forward } from '../forward/forward.ts';
import { problemFor } from '../forward/problems.ts';
import { createConnectionQueue } from './connection-queue.ts';
import { createFastPath } from './fast-path.ts';
import { clientRequest, linesForUpstream, NodeResponse } from './node-messages.ts';
import { serveOwnRoute } from './own-routes.ts';
import { problemResponse } from './problem-response.ts';
import { rejectInput } from './reject-input.ts';
import { parseRequestTarget } from './request-target.ts';
import { createUpgrade, isWebSocket } from './upgrade.ts';

export const createProxy = (context: ProxyContext): Server => {
  const { config, log } = context;
  const queue = createConnectionQueue();
  const server = createServer({
    maxHeaderSize: config.MAX_HEADER_BYTES,
    headersTimeout: Math.min(config.HEADER_TIMEOUT_MS, config.REQUEST_TIMEOUT_MS),
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: config.IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: Math.min(
      1000,
      Math.ceil(Math.min(config.HEADER_TIMEOUT_MS, config.REQUEST_TIMEOUT_MS) / 2),
    ),
    requireHostHeader: false, // a request without one is answered with a sentence
    shouldUpgradeCallback: (req) => isWebSocket(req) && queue.idle(req.socket),
  });
  const [toNode] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const serveInOrder = (req: IncomingMessage, res: ServerResponse<IncomingMessage>): void =>
    queue.enqueue(req, res, () => {
      serve(context, req, res).catch((error: unknown) => {
        log.error({ err: error }, 'unexpected error'); // ends only this request
        res.destroy();
      });
    });
  server.timeout = config.IDLE_TIMEOUT_MS;
  server.maxHeadersCount = 0; // no header may be left out silently; too many are refused
  server.on('request', serveInOrder);
  server.on('checkContinue', serveInOrder);
  server.on('checkExpectation', serveInOrder);
  server.on('upgrade', createUpgrade(context));
  const onSilence = rejectInput(server, queue, log);
  serveHalfClosed(server);
  const connections = superviseConnections(server);
  server.on(
    'connection',
    createFastPath({ context, connections, handOver: (socket) => toNode?.call(server, socket), onSilence }),
  );
  return server;
};

const serve = async (context: ProxyContext, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const { config, log, retries, observe } = context;
  const id = requestIdOf(req);
  let record: ForwardRecord | undefined;
  const proxied = () => ({
    client: plainAddress(req.socket.remoteAddress),
    ...record,
    upstream: record?.upstream?.address,
  });
  logRequest(log, req, res, id, proxied, observe);

  // If Node ignores an upgrade, it discards what followed in the same chunk, so this response must be the last.
  if (req.headers.upgrade !== undefined) res.shouldKeepAlive = false;

  if (!req.socket.writable) return void res.destroy(); // it was closed, or refused before all of it was there

  try {
    const { path, host } = parseRequestTarget(req, config.MAX_BODY_BYTES);
    if (serveOwnRoute(context, req, res, path, id)) return;
    const lines = linesForUpstream(req, host, id, config.TRUSTED_PROXIES);
    const request = clientRequest(req, { id, path, lines }, config.MAX_BODY_BYTES);
    retries.deposit();
    if (expectsContinue(req)) res.writeContinue(); // without it, Node closes the connection after the response
    record = { attempts: 0 };
    await forward(context, request, new NodeResponse(req, res), record);
  } catch (error) {
    if (res.headersSent) return breakOff(req.socket, res);
    if (error instanceof RequestRejected && error.close) res.shouldKeepAlive = false;
    const problem = problemFor(context, error, record?.upstream, record?.attempts ?? 0);
    const { headers, body } = problemResponse(req, id, problem, record?.attempts);
    res.writeHead(problem.status, headers).end(body);
  }
};

// Any other expectation was refused.
const expectsContinue = (req: IncomingMessage): boolean =>
  req.headers.expect !== undefined && req.httpVersion === '1.1';
