// Renders a watched cluster: as a picture for a terminal, as one line for a file.

import type { LiveMessage, UpstreamReport } from '@container-counter/api/messages';
import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { bar, naturally, percent, plural, printable } from '../text.ts';

export type Seen = {
  readonly url: string;
  readonly message: LiveMessage | undefined;
  readonly connected: boolean;
  readonly upstreams: readonly UpstreamReport[] | string;
  /** Hits per second; undefined until two messages have arrived. */
  readonly rate: number | undefined;
};

/** The lines of the picture, for a terminal of `columns`. */
export const picture = (seen: Seen, colors: Colors, columns: number): string[] => {
  const { url, message, connected, rate } = seen;
  const counts = message?.counts ?? undefined;
  const total = counts === undefined ? 'no counts' : plural(counts.requests, 'hit');
  const feed = connected ? `fed by ${printable(message?.replica ?? '')}` : colors.yellow('disconnected, reconnecting');
  const rows = replicasOf(seen).map(({ name, address, state, hits }) => [
    printable(name, 40),
    printable(address, 40),
    state === 'healthy' ? colors.green(state) : colors.red(state),
    hits,
    percent(hits, counts?.requests ?? 0),
    colors.cyan(bar(hits, counts?.requests ?? 0, true)),
  ]);
  const text = [
    `${colors.bold(total)}, ${rateOf(rate)}; ${url}, ${feed}`,
    '',
    ...(rows.length === 0 ? [] : table(COLUMNS, rows, colors).split('\n')),
    ...faultsOf(seen).flatMap((fault) => ['', ...wrapped(fault, columns).map((line) => colors.red(line))]),
    '',
    colors.dim('Ctrl-C ends this.'),
  ];
  return text;
};

/** The same in one line. */
export const line = (seen: Seen): string => {
  const counts = seen.message?.counts ?? undefined;
  const parts = replicasOf(seen).map(({ name, state, hits }) => {
    const share = percent(hits, counts?.requests ?? 0);
    return `${printable(name, 40)} ${state} ${hits} (${share})`;
  });
  const total = counts === undefined ? 'no counts' : plural(counts.requests, 'hit');
  return [`${total}, ${rateOf(seen.rate)}`, ...parts, ...faultsOf(seen)].join('; ');
};

const COLUMNS = [
  { title: 'replica' },
  { title: 'address' },
  { title: 'state' },
  { title: 'hits', align: 'right' },
  { title: 'share', align: 'right' },
  { title: '' },
] as const;

const rateOf = (rate: number | undefined): string => `${rate === undefined ? '-' : Math.round(rate)} per second`;

const replicasOf = ({ upstreams, message }: Seen) => {
  const hits = message?.counts?.replicas ?? {};
  const here = (typeof upstreams === 'string' ? [] : upstreams).map(({ name, address, state }) => ({
    name: name ?? address,
    address,
    state,
  }));
  const former = Object.keys(hits).filter((name) => !here.some((one) => one.name === name));
  const absent = here.length === 0 ? 'unknown' : 'not running'; // only the proxy can tell
  const all = [...here, ...former.map((name) => ({ name, address: '', state: absent }))];
  return all
    .map((one) => ({ ...one, hits: (Object.hasOwn(hits, one.name) && hits[one.name]) || 0 }))
    .toSorted((a, b) => naturally(a.name, b.name));
};

const faultsOf = ({ upstreams, message, connected }: Seen): string[] => {
  if (typeof upstreams === 'string') return [upstreams];
  const failure = connected ? message?.redis.failure : undefined;
  const out = upstreams.flatMap(({ name, address, state, lastError }) =>
    state === 'unhealthy' && lastError !== undefined ? [`${name ?? address}: ${lastError}`] : [],
  );
  return (failure === undefined ? out : [failure]).map((fault) => printable(fault, 500));
};

const wrapped = (text: string, columns: number): string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > columns) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
};

const OVER_MS = 1000;

/** Returns a function that takes each total, and returns the rate per second, undefined while unknown. */
export const createRate = () => {
  let readings: { readonly at: number; readonly count: number }[] = [];
  return (at: number, count: number | undefined): number | undefined => {
    if (count === undefined || count < (readings.at(-1)?.count ?? 0)) readings = [];
    if (count === undefined) return undefined;
    readings.push({ at, count });
    while (at - (readings[1]?.at ?? at) >= OVER_MS) readings.shift();
    const first = readings[0] as (typeof readings)[0];
    return at === first.at ? undefined : ((count - first.count) * 1000) / (at - first.at);
  };
};
