// Writes down what the clients noticed, by the fault that was active or had struck last.
import type { Planned } from './plan.ts';

export type Incident = {
  /** Null for the time before the first fault. */
  readonly fault: Planned | null;
  /** What was done, and to whom. */
  readonly happened: string;
  /** Milliseconds from the strike until all was healthy again. */
  readonly ms: number;
  readonly requests: number;
  /** Requests whose first try failed: what clients see that do not try again. By status, or by the name of the error. */
  readonly firstTryErrors: Readonly<Record<string, number>>;
  /** Tries that were made again. */
  readonly retries: number;
  /** Requests that had no number in the end. */
  readonly unanswered: number;
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
    firstTryErrors: {} as Record<string, number>,
    retries: 0,
    unanswered: 0,
    longestWaitMs: 0,
  });
  let current = fresh(null);
  let struck = performance.now();
  const all = [current];

  return {
    begin: (fault: Planned): void => {
      current = fresh(fault);
      struck = performance.now();
      all.push(current);
    },
    /** It is healthy again. What clients notice from now on still counts as this fault's, until the next one. */
    healthy: (happened: string): Incident => {
      current.happened = happened;
      current.ms = Math.round(performance.now() - struck);
      return current;
    },
    failedTry: (name: string, first: boolean): void => {
      if (first) current.firstTryErrors[name] = (current.firstTryErrors[name] ?? 0) + 1;
      current.retries += 1;
    },
    answered: (ms: number): void => {
      current.requests += 1;
      current.longestWaitMs = Math.max(current.longestWaitMs, Math.round(ms));
    },
    unanswered: (): void => {
      current.unanswered += 1;
    },
    all: (): readonly Incident[] => all,
  };
};

/** How many first attempts failed. */
export const firstTryErrorsOf = ({ firstTryErrors }: Incident): number =>
  Object.values(firstTryErrors).reduce((sum, count) => sum + count, 0);
