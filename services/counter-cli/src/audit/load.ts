// The clients of an audit: each sends one exact hit after the other, until the last fault is over.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { type CounterResponse, nameOfError, parsed } from '../counter-client.ts';
import { hitExactly } from '../hit/exact.ts';
import type { Incidents } from './incidents.ts';
import type { Ledger } from './ledger.ts';

export type AuditLoad = {
  /** Resolves when `number` requests were begun. */
  readonly reached: (number: number) => Promise<void>;
  /** A fault is active, and the next one strikes at request `next`: requests are throttled until then. */
  readonly spread: (next: number | undefined) => void;
  /** Resolves when every client has received its pending response and started a new request. */
  readonly settled: () => Promise<void>;
  /** Resolves when all requests have their response; to be called after the last fault. */
  readonly end: () => Promise<void>;
};

export const startLoad = (
  dispatcher: Dispatcher,
  url: URL,
  { requests, concurrency }: { readonly requests: number; readonly concurrency: number },
  ledger: Ledger,
  incidents: Incidents,
  stop: AbortSignal,
): AuditLoad => {
  const begun = new Uint32Array(concurrency);
  let sent = 0;
  let next: number | undefined;
  let ending = false;

  const client = async (_: unknown, index: number): Promise<void> => {
    while (!stop.aborted && (sent < requests || !ending)) {
      const pause = pauseOf(next, sent, concurrency);
      if (pause >= 1) await sleep(pause);
      sent += 1;
      begun[index] = (begun[index] as number) + 1;
      await hit();
    }
  };

  const hit = async (): Promise<void> => {
    const start = performance.now();
    let first = true;
    const failed = (failure: CounterResponse | Error): void => {
      incidents.failedAttempt(failure instanceof Error ? nameOfError(failure) : `${failure.status}`, first);
      first = false;
    };
    const outcome = await hitExactly(dispatcher, url, failed, stop).catch((error: Error) => error);
    if (outcome instanceof Error || outcome.status !== 200) {
      if (stop.aborted) return;
      failed(outcome);
      incidents.unacknowledged();
    } else {
      ledger.note((parsed(outcome.body) as { readonly requests?: unknown } | undefined)?.requests);
      incidents.response(performance.now() - start);
    }
  };

  const running = Promise.all(Array.from({ length: concurrency }, client));
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition() && !stop.aborted) await sleep(LOOK_EVERY_MS);
  };
  return {
    reached: (number) => until(() => sent >= number),
    spread: (number) => {
      next = number;
    },
    settled: () => {
      const then = begun.slice();
      return until(() => begun.every((count, i) => count > (then[i] as number)));
    },
    end: async () => {
      ending = true;
      await running;
    },
  };
};

const LOOK_EVERY_MS = 5;

/**
 * Milliseconds that each client waits before its next request: none between faults. During a fault of unknown duration,
 * the load is throttled so that the requests left before the next strike would last a few seconds.
 * @param next the request at which the next fault strikes, undefined while none is on
 */
const pauseOf = (next: number | undefined, sent: number, clients: number): number =>
  next === undefined ? 0 : Math.min(LONGEST_PAUSE_MS, (clients * SPREAD_MS) / Math.max(1, next - sent));

const SPREAD_MS = 3000;
const LONGEST_PAUSE_MS = 200;
