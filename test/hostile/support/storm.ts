// Sends generated requests to a server for a bounded time, from many clients, which leave in every way there is.
import type { TestContext } from 'node:test';
import { LEAVES, leaveAfter } from './leave.ts';
import { mutants, random } from './mutate.ts';
import { each } from './pool.ts';

/** The seed of this run: `HOSTILE_SEED`, to repeat one, else a new one. It is printed. */
export const seedOf = (t: TestContext): number => {
  const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`HOSTILE_SEED=${seed}`);
  return seed;
};

/** How long a storm lasts, in milliseconds: `STORM_SECONDS`, for who has a minute, else a few seconds. */
export const STORM_MS = 1000 * Number(process.env['STORM_SECONDS'] ?? 2);

export type Storm = {
  readonly seed: number;
  readonly ms: number;
  /** How many clients there are at a time. */
  readonly clients?: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
};

/** @returns how many requests were sent */
export const storm = async (port: number, { seed, ms, clients = 64, signal }: Storm): Promise<number> => {
  const until = performance.now() + ms;
  const next = random(seed);
  let sent = 0;
  const some = function* () {
    for (const bytes of mutants(seed)) {
      if (performance.now() > until || signal?.aborted) return;
      sent += 1;
      yield bytes;
    }
  };
  await each(some(), clients, async (bytes) => {
    const leave = LEAVES[Math.floor(next() * LEAVES.length)];
    // Half of them leave somewhere on the way.
    const part = next() < 0.5 ? bytes : bytes.slice(0, Math.floor(bytes.length * next()));
    if (leave !== undefined) await leaveAfter(port, part, leave, PATIENCE_MS);
  });
  return sent;
};

// How long a client waits for anything to happen; the limits of the proxy are shorter when it is quick.
const PATIENCE_MS = 700;
