// Sends one hit until its number is known: each try has the same key, and Redis counts a key once.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { ask, type CounterResponse } from '../counter-client.ts';

/**
 * Milliseconds after the first try during which there may be another one. A key is remembered for at least 40 s
 * (services/web/src/hit.lua), of which the proxy may take 10 s for a try.
 */
export const LAST_TRY_MS = 28_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * @param onRetry called with what a try ran into, when there is going to be another one
 * @returns the response that tells the number, or the last one, when time is up or the request was refused
 * @throws the error of undici when there was no response to the last try
 */
export const hitExactly = async (
  dispatcher: Dispatcher,
  url: URL,
  onRetry: (failure: CounterResponse | Error) => void = () => {},
  stop?: AbortSignal,
): Promise<CounterResponse> => {
  const key = randomUUID();
  const end = performance.now() + LAST_TRY_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const outcome = await ask(dispatcher, url, '', { 'idempotency-key': key }).catch((error: Error) => error);
    const over = stop?.aborted || performance.now() + pause > end;
    if (outcome instanceof Error) {
      if (over) throw outcome;
    } else if (over || outcome.status < 500) {
      return outcome; // a request that was refused once will be refused again
    }
    onRetry(outcome);
    await sleep(pause);
  }
};
