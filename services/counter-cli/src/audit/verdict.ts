// Judges an audit: what was acknowledged against what was counted, and what the clients noticed.
import type { Stored } from './cluster.ts';
import { firstAttemptErrorsOf, type Incident } from './incidents.ts';
import { FAULTS } from './kinds.ts';
import type { Reckoning } from './ledger.ts';

export type Check = {
  readonly name: string;
  readonly value: number;
  /** Whether anything but 0 makes the verdict bad. */
  readonly required: boolean;
};

export type Verdict = { readonly good: boolean; readonly checks: readonly Check[] };

/** What the counter said of itself before and after, and Redis at the end. */
export type Moved = { readonly before: number; readonly after: number; readonly stored: Stored };

export const judge = (reckoning: Reckoning, { before, after, stored }: Moved, all: readonly Incident[]): Verdict => {
  const { acknowledged, duplicates, gaps, outside } = reckoning;
  const counted = after - before;
  const sum = (of: (incident: Incident) => number, ...hit: string[]) =>
    all
      .filter(({ fault }) => hit.includes(fault === null ? 'replica' : FAULTS[fault.kind].of))
      .reduce((total, incident) => total + of(incident), 0);
  const unacknowledged = sum(({ unacknowledged }) => unacknowledged, 'replica', 'redis', 'proxy');
  const checks = [
    zero('lost: acknowledged, but not counted', Math.max(0, acknowledged - counted)),
    // A request without a response may have been counted, once.
    zero('double: counted, but not acknowledged', Math.max(0, counted - acknowledged - unacknowledged)),
    zero('numbers received twice', duplicates),
    zero('numbers that no client received', Math.max(0, gaps - unacknowledged)),
    zero('numbers outside the counted range', outside),
    zero('difference between Redis and the counter', Math.abs(stored.requests - after)),
    zero('difference between the sum of the replicas and all hits', Math.abs(stored.byReplicas - stored.requests)),
    zero('errors with --exact', unacknowledged),
    zero('errors without --exact, faults of replicas', sum(firstAttemptErrorsOf, 'replica')),
    seen('errors without --exact, faults of Redis', sum(firstAttemptErrorsOf, 'redis')),
    seen('errors without --exact, faults of the proxy', sum(firstAttemptErrorsOf, 'proxy')),
  ];
  return { good: checks.every(({ value, required }) => value === 0 || !required), checks };
};

const zero = (name: string, value: number): Check => ({ name, value, required: true });
const seen = (name: string, value: number): Check => ({ name, value, required: false });
