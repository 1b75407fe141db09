// The replica as an HTTP server: its limits, its routes, and the live feed.
import { createServer, type Server } from 'node:http';
import { createApp, type Replica } from './app.ts';
import type { Listen } from './live/channel.ts';
import { createFeed } from './live/feed.ts';
import type { RedisPlace } from './live/message.ts';
import { createViewers, isLive } from './live/viewers.ts';

// Node's own defaults wait minutes for a slow client. A keep-alive connection outlives the proxy's idle time, so that
// it is the proxy that closes it, and no request is on its way into a closing connection.
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 } as const;

/** @param redis where this replica finds Redis, as viewers are told */
export const createReplica = (replica: Replica, redis: RedisPlace, listen: Listen): Server => {
  const { name, counter, log, draining } = replica;
  const server = createServer({ ...LIMITS, shouldUpgradeCallback: isLive }, createApp(replica));
  server.on('upgrade', createViewers(name, createFeed(name, redis, counter, listen), log, draining));
  return server;
};
