// What an audit needs of a cluster: where it is, what Redis holds, and a way to hurt it.
import type { Planned } from './plan.ts';

export type AuditCluster = {
  readonly url: URL;
  /**
   * Makes `fault` strike, holds it, and undoes it.
   * @returns what was done, in words, once everything that was to run was started again; who waits for it to be ready is the caller
   */
  readonly inject: (fault: Planned) => Promise<string>;
  /** What lies in Redis, asked at the source. */
  readonly stored: () => Promise<Stored>;
  /** Stops all of it, and leaves nothing behind. */
  readonly stop: () => Promise<void>;
};

export type Stored = {
  readonly requests: number;
  /** The hits of all replicas together. */
  readonly byReplicas: number;
};

/** Starts one of its own, that shares nothing with any other. @throws {Failed} when that cannot be done */
export type StartCluster = (stop: AbortSignal) => Promise<AuditCluster>;
