// Records what the clients noticed, by the latest fault.
import type { Planned } from './plan.ts';

export type Incident = {
  /** Null for the time before the first fault. */
  readonly fault: Planned | null;
  /** What was done, and to whom. */
  readonly happened: string;
  /** Milliseconds from the strike until all was healthy again. */
  readonly ms: number;
  readonly requests: number;
  /** Requests whose first attempt failed, which is an error for clients that do not retry; by status or error code. */
  readonly firstAttemptErrors: Readonly<Record<string, number>>;
  /** Attempts that were retried. */
  readonly retries: number;
  /** Requests that had no number in the end. */
  readonly unacknowledged: number;
  /** The longest that one client waited for its number, in milliseconds. */
  readonly longestWaitMs: number;
};

export type Incidents = ReturnType<typeof createIncidents>;

export const createIncidents = () => {
  const fresh = (fault: Planned | null) => ({
    fault,
    happened: '',
    ms: 0,
    requests: 0,
    firstAttemptErrors: {} as Record<string, number>,
    retries: 0,
    unacknowledged: 0,
    longestWaitMs: 0,
  });
  let current = fresh(null);
  let injectedAt = performance.now();
  const all = [current];

  return {
    begin: (fault: Planned): void => {
      current = fresh(fault);
      injectedAt = performance.now();
      all.push(current);
    },
    /** It is healthy again. What clients notice afterwards still counts as this fault's, until the next one. */
    healthy: (happened: string): Incident => {
      current.happened = happened;
      current.ms = Math.round(performance.now() - injectedAt);
      return current;
    },
    failedAttempt: (name: string, first: boolean): void => {
      if (first) current.firstAttemptErrors[name] = (current.firstAttemptErrors[name] ?? 0) + 1;
      current.retries += 1;
    },
    response: (ms: number): void => {
      current.requests += 1;
      current.longestWaitMs = Math.max(current.longestWaitMs, Math.round(ms));
    },
    unacknowledged: (): void => {
      current.unacknowledged += 1;
    },
    all: (): readonly Incident[] => all,
  };
};

/** How many first attempts failed. */
export const firstAttemptErrorsOf = ({ firstAttemptErrors }: Incident): number =>
  Object.values(firstAttemptErrors).reduce((sum, count) => sum + count, 0);
