// Sends hits, like a curl loop with keep-alive: each of `concurrency` senders waits for its response.
import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import { ask, type CounterResponse, nameOfError, parsed, sentenceIn, sentenceOf } from '../counter-client.ts';
import { hitExactly } from './exact.ts';
import { createTally, type Tally, type Tallying } from './tally.ts';

export type Load = {
  readonly url: URL;
  readonly requests: number;
  readonly concurrency: number;
  /** Whether each hit is sent again, with the same key, until its number is known. */
  readonly exact: boolean;
  /** When it is aborted nothing more is sent; what is on its way is waited for, because it may have been counted. */
  readonly stop: AbortSignal;
  readonly onResponse?: () => void;
};

export const sendHits = async (dispatcher: Dispatcher, load: Load): Promise<Tally> => {
  const { requests, concurrency, stop, onResponse } = load;
  const tally = createTally();
  let sent = 0;
  const sender = async (): Promise<void> => {
    while (sent < requests && !stop.aborted) {
      sent += 1;
      await sendHit(dispatcher, load, tally);
      onResponse?.();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, sender));
  return tally.result();
};

const sendHit = async (dispatcher: Dispatcher, { url, exact, stop }: Load, tally: Tallying): Promise<void> => {
  const start = performance.now();
  try {
    const response = exact ? await hitExactly(dispatcher, url, tally.retry, stop) : await ask(dispatcher, url, '');
    record(response, performance.now() - start, tally);
  } catch (error) {
    tally.failure(nameOfError(error), sentenceOf(error, url));
  }
};

const record = (response: CounterResponse, ms: number, tally: Tallying): void => {
  if (response.status !== 200) {
    tally.failure(`${response.status}`, sentenceIn(response), ms);
    return;
  }
  const { servedBy, address } = (parsed(response.body) ?? {}) as { servedBy?: unknown; address?: unknown };
  if (typeof servedBy === 'string') tally.hit(servedBy, `${address}`, response.status, ms);
  else tally.failure('not a hit', 'A response with status 200 did not name the replica that served it.', ms);
};
