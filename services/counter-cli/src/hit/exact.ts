// Sends one hit until its number is known: each attempt has the same key, and Redis counts a key once.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { ask, type CounterResponse } from '../counter-client.ts';

/**
 * Milliseconds after the first attempt during which there may be another. A key is remembered for at least 40 s
 * (services/web/src/once.lua), of which the proxy may take 10 s for an attempt.
 */
export const LAST_ATTEMPT_MS = 28_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * @param onRetry called with the failure of an attempt, before the next one
 * @returns the response with the number, or the last one when time is up or the request was rejected
 * @throws the error of undici when there was no response to the last attempt
 */
export const hitExactly = async (
  dispatcher: Dispatcher,
  url: URL,
  onRetry: (failure: CounterResponse | Error) => void = () => {},
  stop?: AbortSignal,
): Promise<CounterResponse> => {
  const key = randomUUID();
  const end = performance.now() + LAST_ATTEMPT_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const outcome = await ask(dispatcher, url, '', { headers: { 'idempotency-key': key } }).catch(
      (error: Error) => error,
    );
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
