// Shows an audit: the faults by kind, and the verdict.

import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { plural } from '../text.ts';
import { firstAttemptErrorsOf, type Incident } from './incidents.ts';
import { FAULTS, type FaultKind, KINDS } from './kinds.ts';
import type { Audit } from './run-audit.ts';

/** One kind of fault, all its times together. */
export type Row = {
  readonly kind: FaultKind;
  readonly does: string;
  readonly times: number;
  readonly requests: number;
  readonly firstAttemptErrors: number;
  readonly unacknowledged: number;
  readonly longestWaitMs: number;
};

export const rowsOf = (incidents: readonly Incident[]): Row[] =>
  KINDS.flatMap((kind) => {
    const of = incidents.filter(({ fault }) => fault?.kind === kind);
    const sum = (what: (incident: Incident) => number) => of.reduce((total, one) => total + what(one), 0);
    const row = {
      kind,
      does: FAULTS[kind].does,
      times: of.length,
      requests: sum(({ requests }) => requests),
      firstAttemptErrors: sum(firstAttemptErrorsOf),
      unacknowledged: sum(({ unacknowledged }) => unacknowledged),
      longestWaitMs: Math.max(0, ...of.map(({ longestWaitMs }) => longestWaitMs)),
    };
    return of.length === 0 ? [] : [row];
  });

/** A line for one fault, as soon as it is over. */
export const lineOf = (
  { fault, happened, ms, firstAttemptErrors, longestWaitMs }: Incident,
  number: number,
): string => {
  const errors = Object.entries(firstAttemptErrors).map(([name, count]) => `${count} × ${name}`);
  return `${number}. ${fault?.kind} at ${fault?.at}: ${happened}; healthy after ${ms} ms, longest wait ${longestWaitMs} ms, failed first attempts: ${errors.join(', ') || 'none'}`;
};

export const report = (audit: Audit, colors: Colors): string => {
  const rows = rowsOf(audit.incidents).map((row) => [
    row.kind,
    row.times,
    row.requests,
    row.firstAttemptErrors,
    row.unacknowledged,
    row.longestWaitMs,
  ]);
  const checks = audit.verdict.checks.map(({ name, value, required }) => [
    name,
    required && value > 0 ? colors.red(`${value}`) : value,
    required ? (value > 0 ? colors.red('bad') : 'good') : '',
  ]);
  return [table(FAULT_COLUMNS, rows, colors), table(CHECK_COLUMNS, checks, colors), conclusion(audit, colors)]
    .filter((part) => part !== '')
    .join('\n\n');
};

const conclusion = (
  { reckoning, moved, verdict, incidents, longestWaitMs, seconds }: Audit,
  colors: Colors,
): string => {
  const facts = `${plural(reckoning.acknowledged, 'request')} in ${Math.round(seconds)} s, ${plural(incidents.length - 1, 'fault')}, longest wait ${longestWaitMs} ms`;
  const count = `acknowledged ${reckoning.acknowledged}, counted ${moved.after - moved.before}, from ${moved.before + 1} to ${moved.after}`;
  return `${facts}\n${count}: ${verdict.good ? colors.green('good') : colors.red('bad')}`;
};

const FAULT_COLUMNS = [
  { title: 'fault' },
  { title: 'times', align: 'right' },
  { title: 'requests', align: 'right' },
  { title: 'errors without --exact', align: 'right' },
  { title: 'with', align: 'right' },
  { title: 'longest wait, ms', align: 'right' },
] as const;

const CHECK_COLUMNS = [{ title: 'check' }, { title: 'found', align: 'right' }, { title: '' }] as const;
