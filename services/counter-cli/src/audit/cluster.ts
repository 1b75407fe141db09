// The interface of a cluster under audit: its URL, the data in Redis, and fault injection.
import { type Ask, ForeignValue, readTotals } from '@container-counter/network/counter-keys';
import { CommandError } from '../errors.ts';
import type { Planned } from './plan.ts';

export type AuditCluster = {
  readonly url: URL;
  /**
   * Injects `fault`, holds it, and undoes it; the caller waits until all is ready again.
   * @returns what was done, and to whom, in words
   */
  readonly inject: (fault: Planned) => Promise<string>;
  /** The data in Redis, read directly. */
  readonly stored: () => Promise<Stored>;
  /** Stops all of it, and leaves nothing behind. */
  readonly stop: () => Promise<void>;
};

export type Stored = {
  readonly requests: number;
  /** The hits of all replicas together. */
  readonly byReplicas: number;
};

/** Starts a cluster that shares nothing with any other. @throws {CommandError} when that cannot be done */
export type StartCluster = (stop: AbortSignal) => Promise<AuditCluster>;

/** @throws {CommandError} when another program wrote under the counter's keys */
export const storedBy = async (ask: Ask): Promise<Stored> => {
  const { requests, replicas } = await readTotals(ask).catch((error) => {
    throw error instanceof ForeignValue ? new CommandError(error.message, { cause: error }) : error;
  });
  return { requests, byReplicas: Object.values(replicas).reduce((sum, hits) => sum + hits, 0) };
};
