// The replica as an HTTP server: its limits, its routes, and the live feed.
import type { IncomingMessage as Request, RequestListener, Server } from 'node:http';
import type { RedisEndpoint } from '@container-counter/api/messages';
import { superviseConnections } from '@container-counter/service/connections';
import { serveHalfClosed } from '@container-counter/service/half-close';
import { MAX_REPLICA_HEADER_BYTES } from '@container-counter/service/header-limit';
import { createServer, IncomingMessage, ServerResponse } from '@container-counter/service/http';
import type { Express } from 'express';
import { createApp, type Replica } from './app.ts';
import { type Since, watchArrivals } from './arrivals.ts';
import type { Listen } from './live/channel.ts';
import { createFeed } from './live/feed.ts';
import { createViewers, isLive } from './live/viewers.ts';

// The keep-alive timeout is longer than the proxy's, so that the proxy closes idle connections, and no request races with
// that. There is no timeout for a request with its body: the proxy decides how slow it may be.
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 0,
  keepAliveTimeout: 75_000,
  maxHeaderSize: MAX_REPLICA_HEADER_BYTES,
} as const;
const IDLE_TIMEOUT_MS = 75_000;

/** @param redis the address of Redis, shown to viewers */
export const createReplica = (replica: Replica, redis: RedisEndpoint, listen: Listen): Server => {
  const { name, counter, draining } = replica;
  let since: Since = () => 0;
  const app = createApp(replica, () => since());
  // One behind a request that is not responded to yet would overtake that response.
  const isUpgrade = (req: Request) => isLive(req) && connections.pending(req.socket).length === 0;
  const server = createServer({ ...LIMITS, ...born(app), shouldUpgradeCallback: isUpgrade }, inOriginForm(app));
  since = watchArrivals(server);
  server.on('upgrade', createViewers(replica, createFeed(name, redis, counter, listen)));
  server.timeout = IDLE_TIMEOUT_MS;
  serveHalfClosed(server);
  // The proxy pipelines requests: only the last response may close the connection.
  const connections = superviseConnections(server);
  draining.addEventListener('abort', connections.giveBack);
  return server;
};

// A client that takes the replica for a forward proxy sends a whole URL (RFC 9112, 3.2.2). Express routes some of those by
// their path, and others not at all.
const inOriginForm =
  (app: Express): RequestListener =>
  (req, res) => {
    const { url = '' } = req;
    if (!url.startsWith('/')) req.url = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*\/?/i, '/');
    app(req, res);
  };

// Express changes the prototype of each request and response, which deoptimizes them: 13% of a replica's CPU time. Here
// they are created with it.
const born = (app: Express) => ({
  IncomingMessage: withPrototype(IncomingMessage, app.request),
  ServerResponse: withPrototype(ServerResponse, app.response),
});

const withPrototype = <T extends new (...args: never[]) => object>(parent: T, prototype: object): T => {
  function Born(...args: never[]) {
    return Reflect.construct(parent, args, Born);
  }
  Born.prototype = prototype;
  return Born as unknown as T;
};
