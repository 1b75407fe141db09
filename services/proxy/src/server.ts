// The proxy as an HTTP server: the steps of a request, the limits, and what happens to input that is not HTTP.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { plainAddress } from '@container-counter/network/addresses';
import { logRequest } from '@container-counter/service/access-log';
import { sendProblem } from '@container-counter/service/problem';
import { requestIdOf } from '@container-counter/service/request-id';
import { failed } from './answers.ts';
import { Exchange } from './forward.ts';
import { requestHeaders } from './headers.ts';
import { createRefuseInput } from './refuse-input.ts';
import type { Route } from './route.ts';
import { answerOwnRoute } from './status.ts';
import { checkedTarget } from './target.ts';
import { createUpgrade, isWebSocket } from './upgrade.ts';

export const createProxy = (route: Route): Server => {
  const { config, log } = route;
  const server = createServer(
    {
      maxHeaderSize: config.MAX_HEADER_BYTES,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, config.IDLE_TIMEOUT_MS),
      requestTimeout: config.IDLE_TIMEOUT_MS,
      keepAliveTimeout: config.IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
      requireHostHeader: false, // a request without one is answered with a sentence
      shouldUpgradeCallback: isWebSocket,
    },
    (req, res) => serve(route, req, res),
  );
  server.timeout = config.IDLE_TIMEOUT_MS;
  server.on('upgrade', createUpgrade(route));
  server.on('clientError', createRefuseInput(server, log));
  return server;
};

const serve = (route: Route, req: IncomingMessage, res: ServerResponse): void => {
  const requestId = requestIdOf(req);
  let exchange: Exchange | undefined;
  logRequest(route.log, req, res, requestId, () => ({
    client: plainAddress(req.socket.remoteAddress),
    upstream: exchange?.upstream?.address,
    servedBy: exchange?.servedBy,
    attempts: exchange?.attempts,
    reason: exchange?.reason,
  }));
  const giveUp = (error: unknown): void => {
    res.setHeader('X-Request-Id', requestId);
    if (exchange) res.setHeader('X-Attempts', exchange.attempts);
    if (route.draining.aborted) res.setHeader('Connection', 'close');
    sendProblem(req, res, failed(route, error, exchange?.upstream, exchange?.attempts ?? 0));
  };

  try {
    const { path, host } = checkedTarget(req, route.config.MAX_BODY_BYTES);
    if (answerOwnRoute(route, req, res, path)) return;
    const head = requestHeaders(req, host, requestId, route.config.TRUSTED_PROXIES);
    exchange = new Exchange(route, req, res, { path, head, requestId }, giveUp);
    route.retries.earn();
    exchange.next();
  } catch (error) {
    giveUp(error);
  }
};

// A head is a few hundred bytes; who needs longer than this for it is slow on purpose.
const HEADERS_TIMEOUT_MS = 10_000;
