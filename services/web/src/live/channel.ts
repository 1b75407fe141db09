// Subscribes to the channel of hits, on a separate connection: one that has subscribed cannot run other commands.
import type { LiveHit } from '@container-counter/api/messages';
import { KEYS } from '@container-counter/network/counter-keys';
import { greet, openRedis } from '../redis-connection.ts';
import { parseHits } from './hit-message.ts';

export type Listen = (onHit: (hit: LiveHit) => void) => Listening;

export type Listening = {
  /** Call it every second: a connection that stays silent, as in a network partition, is closed and reopened. */
  readonly ping: () => void;
  readonly stop: () => void;
};

export const createListen =
  (url: URL, timeoutMs: number): Listen =>
  (onHit) => {
    const redis = openRedis(url, timeoutMs, { socketTimeout: timeoutMs + 2000, maxRetriesPerRequest: null });
    redis.on('ready', () => {
      greet(redis, url)
        .then(() => redis.subscribe(KEYS.channel))
        .catch(() => redis.status === 'ready' && redis.disconnect(true));
    });
    redis.on('error', () => {}); // the other connection has the same trouble, and says so
    redis.on('message', (_channel, text: string) => {
      for (const hit of parseHits(text)) onHit(hit);
    });
    return {
      ping: () => {
        if (redis.status === 'ready') redis.ping().catch(() => {});
      },
      stop: () => redis.disconnect(),
    };
  };
