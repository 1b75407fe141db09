// The report of a run: hits per replica, statuses, latency, and whether the counter moved exactly.

import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { bar, naturally, percent, plural, printable } from '../text.ts';
import { type Latency, latencyOf, type Tally } from './tally.ts';
import type { Movement } from './verdict.ts';

/** What `hit --json` prints. */
export type Run = {
  readonly url: string;
  /** How many hits were requested, sent, acknowledged with a number, and not. */
  readonly requests: {
    readonly requested: number;
    readonly sent: number;
    readonly acknowledged: number;
    readonly failed: number;
  };
  /** Whether each hit had its own key and was retried until its number was known, and the number of retries. */
  readonly exact: boolean;
  readonly retries: number;
  readonly concurrency: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** In natural order; `share` is the part of the acknowledged hits, from 0 to 1. */
  readonly replicas: readonly {
    readonly name: string;
    readonly addresses: readonly string[];
    readonly hits: number;
    readonly share: number;
  }[];
  /** By status, or by the name of the error where there was no response. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly firstFailure: string | null;
  /** Milliseconds; null when there was no response. */
  readonly latency: Latency | null;
  /** `before` and `after` are null when the counter did not say where it stood. */
  readonly counter: Pick<Movement, 'verdict' | 'sentence'> & Readonly<Record<'before' | 'after', number | null>>;
};

/** The options that the report repeats. */
export type RunOptions = { readonly requests: number; readonly concurrency: number; readonly exact: boolean };

export const runOf = (
  url: URL,
  { requests: requested, concurrency, exact }: RunOptions,
  tally: Tally,
  movement: Movement,
): Run => {
  const { acknowledged, failed, retries, seconds } = tally;
  const sent = acknowledged + failed;
  return {
    url: url.href,
    requests: { requested, sent, acknowledged, failed },
    exact,
    retries,
    concurrency,
    seconds: Math.round(seconds * 1000) / 1000,
    perSecond: Math.round(sent / seconds),
    replicas: tally.replicas
      .map((served) => ({ ...served, share: served.hits / acknowledged }))
      .toSorted((a, b) => naturally(a.name, b.name)),
    statuses: tally.statuses,
    firstFailure: tally.firstFailure ?? null,
    latency: latencyOf(tally.latencies) ?? null,
    counter: { ...movement, before: movement.before ?? null, after: movement.after ?? null },
  };
};

export const report = (run: Run, colors: Colors, blocks: boolean): string =>
  [replicas(run, colors, blocks), statuses(run, colors), facts(run, colors)].filter((part) => part !== '').join('\n\n');

const replicas = ({ replicas: all, requests }: Run, colors: Colors, blocks: boolean): string => {
  const rows = all.map(({ name, addresses, hits }) => [
    printable(name),
    printable(addresses.join(', ')),
    hits,
    percent(hits, requests.acknowledged),
    colors.cyan(bar(hits, Math.max(...all.map((one) => one.hits)), blocks)),
  ]);
  return rows.length === 0 ? '' : table(REPLICA_COLUMNS, rows, colors);
};

const REPLICA_COLUMNS = [
  { title: 'replica' },
  { title: 'address' },
  { title: 'hits', align: 'right' },
  { title: 'share', align: 'right' },
  { title: '' },
] as const;

const statuses = ({ statuses: all, firstFailure }: Run, colors: Colors): string => {
  const rows = Object.entries(all).map(([name, count]) => [name === '200' ? name : colors.red(name), count]);
  const tally = table([{ title: 'status' }, { title: 'responses', align: 'right' }], rows, colors);
  return firstFailure === null ? tally : `${tally}\n\nfirst failure: ${colors.red(firstFailure)}`;
};

const facts = (run: Run, colors: Colors): string => {
  const { requests, exact, retries, concurrency, seconds, perSecond, latency, counter } = run;
  const { requested, sent } = requests;
  const color = counter.verdict === 'exact' ? colors.green : colors.yellow;
  return [
    ...(sent < requested ? [`stopped after ${sent} of ${requested}`] : []),
    `${plural(sent, 'request')} in ${seconds} s, ${concurrency} at a time: ${perSecond} per second`,
    ...(exact ? [`each with its own key: ${plural(retries, 'retry', 'retries')}`] : []),
    ...(latency === null ? [] : [`latency in ms: ${Object.entries(latency).map(latencyPart).join(', ')}`]),
    color(counter.sentence),
  ].join('\n');
};

const latencyPart = ([name, ms]: [string, number]): string => `${name} ${ms.toFixed(ms < 10 ? 2 : 1)}`;
