// The hits of the feed: each runs as a pulse, and a retry is reported once in a few seconds.
import type { LiveMessage } from '@container-counter/api/messages';
import { exact, words } from './words.ts';

const RETRY_EVERY_MS = 5000; // while one replica after the other fails, there are many

/** @param run starts the pulse of a hit @param onRetry called with a sentence */
export const createTraffic = (run: (replica: string, delayMs: number) => void, onRetry: (sentence: string) => void) => {
  let shownAt = 0;
  let retryAt = Number.NEGATIVE_INFINITY;

  return (hits: LiveMessage['hits']): void => {
    const now = performance.now();
    const step = Math.min(now - shownAt, 500) / hits.length; // they came one after the other
    shownAt = now;
    for (const [i, { replica, attempt, number }] of hits.entries()) {
      run(replica, i * step);
      if (attempt === 1 || now - retryAt < RETRY_EVERY_MS) continue;
      retryAt = now;
      onRetry(words.retried(exact(number), attempt, replica));
    }
  };
};
