// Sends every hit to every viewer, batched into at most 20 messages per second.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveHit, LiveMessage, RedisEndpoint } from '@container-counter/api/messages';
import type { Counter } from '../counter.ts';
import { RedisUnavailable } from '../redis.ts';
import type { Listen } from './channel.ts';

/** A viewer of the feed: the part of a WebSocket that is used here. */
export type Viewer = { readonly bufferedAmount: number; send(text: string): void; terminate(): void };

export type Feed = ReturnType<typeof createFeed>;

export const createFeed = (replica: string, redis: RedisEndpoint, counter: Counter, listen: Listen) => {
  const viewers = new Set<Viewer>();
  let hits: LiveHit[] = [];
  let running = false;
  let wake = () => {};

  const message = async (news: readonly LiveHit[]): Promise<string> => {
    const state = await counter.totals().then(
      (counts) => ({ redis, counts }),
      (error: Error) => ({ redis: { ...redis, failure: sentenceOf(error) }, counts: null }),
    );
    return JSON.stringify({ replica, ...state, hits: news } satisfies LiveMessage);
  };

  const send = (viewer: Viewer, text: string): void => {
    if (viewer.bufferedAmount > MAX_BUFFERED_BYTES) viewer.terminate();
    else viewer.send(text);
  };

  const onHit = (hit: LiveHit): void => {
    hits.push(hit);
    if (hits.length >= 2 * MAX_HITS) hits = hits.slice(-MAX_HITS);
    wake();
  };

  const hitOrHeartbeat = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  // Runs while there are viewers. The counts are read for each message, so each is exact even if hits were missed.
  const run = async (): Promise<void> => {
    running = true;
    const listening = listen(onHit);
    while (viewers.size > 0) {
      if (hits.length === 0) await hitOrHeartbeat();
      if (hits.length === 0) listening.ping();
      const news = hits.slice(-MAX_HITS);
      hits = [];
      const text = await message(news);
      for (const viewer of viewers) send(viewer, text);
      await sleep(pauseFor(viewers.size));
    }
    running = false;
    hits = [];
    listening.stop();
  };

  return {
    /** Adds `viewer` to the feed, and sends it the current state first. */
    add: async (viewer: Viewer): Promise<void> => {
      viewers.add(viewer);
      if (!running) void run();
      const first = await message([]);
      if (viewers.has(viewer)) send(viewer, first);
    },
    remove: (viewer: Viewer): void => {
      viewers.delete(viewer);
      if (viewers.size === 0) wake();
    },
  };
};

const sentenceOf = (error: Error): string =>
  error instanceof RedisUnavailable ? error.failure.sentence : error.message;

const MAX_HITS = 20;

// At most 20 messages per second; with more than ten viewers, about 200 in total, but at least two for each.
const pauseFor = (viewers: number): number => Math.min(Math.max(50, 5 * viewers), 500);

const HEARTBEAT_MS = 1000;
const MAX_BUFFERED_BYTES = 64 * 1024;
