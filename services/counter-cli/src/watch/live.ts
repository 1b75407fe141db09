// Follows the live feed of the counter and the upstreams of its proxy, and reconnects to both.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveMessage, UpstreamReport } from '@container-counter/api/messages';
import { type Dispatcher, WebSocket } from 'undici';
import { ask, getCounts, sentenceOf } from '../counter-client.ts';
import { messageIn, upstreamsIn } from './well-formed.ts';

export type Watched = {
  readonly onMessage: (message: LiveMessage) => void;
  /** Whether the feed is connected; otherwise it is reconnecting. */
  readonly onFeed: (connected: boolean) => void;
  /** While the feed is not connected: why there are no counts either, in a sentence; undefined if there are. */
  readonly onCounts: (fault: string | undefined) => void;
  /** An empty list without a proxy, a sentence if it does not respond. */
  readonly onUpstreams: (upstreams: readonly UpstreamReport[] | string) => void;
};

const SILENCE_MS = 3500; // a replica speaks at least every two seconds
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1600;
const ASK_EVERY_MS = 500;

/** Resolves once `stop` is aborted and the connections are closed. */
export const watchLive = async (
  dispatcher: Dispatcher,
  url: URL,
  stop: AbortSignal,
  watched: Watched,
): Promise<void> => {
  let isConnected = false;
  const onFeed = (connected: boolean) => {
    isConnected = connected;
    watched.onFeed(connected);
  };
  await Promise.all([
    followFeed(dispatcher, url, stop, { ...watched, onFeed }),
    followCounts(dispatcher, url, stop, () => !isConnected, watched),
    followProxy(dispatcher, url, stop, watched),
  ]);
};

const followFeed = async (dispatcher: Dispatcher, url: URL, stop: AbortSignal, watched: Watched): Promise<void> => {
  let pause = FIRST_PAUSE_MS;
  const onMessage = (message: LiveMessage) => {
    pause = FIRST_PAUSE_MS;
    watched.onFeed(true);
    watched.onMessage(message);
  };
  while (!stop.aborted) {
    await oneFeed(dispatcher, url, stop, onMessage);
    watched.onFeed(false);
    await sleep(pause, undefined, { signal: stop }).catch(() => {});
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
};

/** Resolves when the connection ends, or has been silent for too long. */
const oneFeed = (dispatcher: Dispatcher, url: URL, stop: AbortSignal, onMessage: (message: LiveMessage) => void) =>
  new Promise<void>((resolve) => {
    const socket = new WebSocket(new URL('live', url.href.replace(/^http/, 'ws')), { dispatcher });
    const end = () => {
      clearTimeout(silence);
      stop.removeEventListener('abort', end);
      socket.close();
      resolve();
    };
    const silence = setTimeout(end, SILENCE_MS);
    stop.addEventListener('abort', end);
    socket.addEventListener('error', end);
    socket.addEventListener('close', end);
    socket.addEventListener('message', ({ data }) => {
      silence.refresh();
      const message = messageIn(String(data));
      if (message !== undefined) onMessage(message);
    });
  });

// A feed that cannot be connected does not say why: a web site has none, and a counter may be about to start.
const followCounts = async (
  dispatcher: Dispatcher,
  url: URL,
  stop: AbortSignal,
  isWanted: () => boolean,
  { onCounts }: Watched,
): Promise<void> => {
  while (!stop.aborted) {
    const asked = isWanted() ? getCounts(dispatcher, url, { signal: stop }) : undefined;
    const fault = await asked?.then(() => undefined).catch(({ message }: Error) => message);
    if (stop.aborted) return;
    onCounts(fault);
    await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
};

const followProxy = async (dispatcher: Dispatcher, url: URL, stop: AbortSignal, watched: Watched): Promise<void> => {
  while (!stop.aborted) {
    const response = await ask(dispatcher, url, '-/upstreams', { signal: stop }).catch((error: unknown) =>
      sentenceOf(error, url),
    );
    if (stop.aborted) return;
    watched.onUpstreams(typeof response === 'string' ? response : upstreamsIn(response.body));
    await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
};
