// Renders a watched cluster: as a picture for a terminal, as one line for a file.

import type { LiveMessage, UpstreamReport } from '@container-counter/api/messages';
import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { bar, naturally, percent, plural, printable, wrap } from '../text.ts';

export type Seen = {
  readonly url: string;
  readonly message: LiveMessage | undefined;
  readonly connected: boolean;
  /** Why there are no counts, while the feed is not connected. */
  readonly noCounts: string | undefined;
  readonly upstreams: readonly UpstreamReport[] | string;
  /** Hits per second; undefined until two messages have arrived. */
  readonly rate: number | undefined;
};

/** The lines of the picture, at most as many and as wide as the terminal has room for. */
export const picture = (seen: Seen, colors: Colors, { columns, rows }: Size): string[] => {
  const { url, message, connected, rate } = seen;
  const counts = message?.counts ?? undefined;
  const total = counts === undefined ? 'no counts' : plural(counts.requests, 'hit');
  const feed = connected ? `fed by ${printable(message?.replica ?? '')}` : 'disconnected, reconnecting';
  const [first = '', ...more] = wrapped(`${total}, ${rateOf(rate)}; ${url}, ${feed}`, columns);
  const head = [colors.bold(first), ...more];
  const replicas = replicasOf(seen);
  const faults = faultsOf(seen).flatMap((fault) => wrapped(fault, columns));
  // The replicas come first, then the faults; empty lines are for terminals that have room for them.
  const airy = rows >= 16;
  const gap = airy ? [''] : [];
  const frame = head.length + (replicas.length === 0 ? 0 : 1) + (airy ? 4 : 1);
  const room = Math.max(1, rows - frame - Math.min(faults.length, Math.max(2, Math.floor(rows / 3))));
  const shown = replicas.length <= room ? replicas : mostTelling(replicas, room - 1);
  const rest = restOf(replicas.filter((one) => !shown.includes(one)));
  const faultRoom = Math.max(0, rows - frame - shown.length - rest.length);
  return [
    ...head,
    ...gap,
    ...(shown.length === 0 ? [] : tableOf(shown, counts?.requests ?? 0, colors, columns)),
    ...rest,
    ...gap,
    ...faults.slice(0, faultRoom).map((text) => colors.red(text)),
    ...(faults.length === 0 ? [] : gap),
    colors.dim('Ctrl-C ends this.'),
  ];
};

type Size = { readonly columns: number; readonly rows: number };

// What does not fit is left out in this order: the bar, the address, the beginning of the name.
const tableOf = (replicas: readonly Shown[], requests: number, colors: Colors, columns: number): string[] => {
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const names = replicas.map(({ name }) => printable(name, 40));
  const state = widest(['state', ...replicas.map((one) => one.state)]);
  const hits = widest(['hits', ...replicas.map((one) => `${one.hits}`)]);
  const fixed = state + hits + '100.0%'.length + 3 * 2;
  const nameWidth = Math.max(8, Math.min(widest(['replica', ...names]), columns - fixed));
  const left = columns - fixed - nameWidth;
  const address = widest(['address', ...replicas.map((one) => printable(one.address, 40))]) + 2;
  const withAddress = left >= address;
  const barWidth = Math.min(24, left - (withAddress ? address : 0) - 2);
  const rows = replicas.map((one, i) => {
    const name = names[i] as string;
    return [
      name.length <= nameWidth ? name : `…${name.slice(1 - nameWidth)}`,
      ...(withAddress ? [printable(one.address, 40)] : []),
      one.state === 'healthy' ? colors.green(one.state) : colors.red(one.state),
      one.hits,
      percent(one.hits, requests),
      ...(barWidth < 6 ? [] : [colors.cyan(bar(one.hits, requests, true, barWidth))]),
    ];
  });
  const titles = COLUMNS.filter(({ title }) => (title !== 'address' || withAddress) && (title !== '' || barWidth >= 6));
  return table(titles, rows, colors).split('\n');
};

// Those that are not healthy, then the first of the others; in their order.
const mostTelling = (replicas: readonly Shown[], count: number): Shown[] => {
  const byNeed = replicas.toSorted((a, b) => Number(a.state === 'healthy') - Number(b.state === 'healthy'));
  const chosen = new Set(byNeed.slice(0, count));
  return replicas.filter((one) => chosen.has(one));
};

const restOf = (replicas: readonly Shown[]): string[] => {
  if (replicas.length === 0) return [];
  const unhealthy = replicas.filter(({ state }) => state !== 'healthy').length;
  return [`… ${replicas.length} more, ${unhealthy === 0 ? 'all healthy' : `${unhealthy} of them not healthy`}`];
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

type Shown = { readonly name: string; readonly address: string; readonly state: string; readonly hits: number };

const replicasOf = ({ upstreams, message }: Seen): Shown[] => {
  const hits = message?.counts?.replicas ?? {};
  const here = (typeof upstreams === 'string' ? [] : upstreams).map(({ name, address, state }) => ({
    name: name ?? address,
    address,
    state: printable(state, 40),
  }));
  const former = Object.keys(hits).filter((name) => !here.some((one) => one.name === name));
  const absent = here.length === 0 ? 'unknown' : 'not running'; // only the proxy knows
  const all = [...here, ...former.map((name) => ({ name, address: '', state: absent }))];
  return all
    .map((one) => ({ ...one, hits: (Object.hasOwn(hits, one.name) && hits[one.name]) || 0 }))
    .toSorted((a, b) => naturally(a.name, b.name));
};

const faultsOf = ({ upstreams, message, connected, noCounts }: Seen): string[] => {
  if (typeof upstreams === 'string') return [upstreams];
  const failure = connected ? message?.redis.failure : noCounts;
  const out = upstreams.flatMap(({ name, address, state, lastError }) =>
    state === 'unhealthy' && lastError !== undefined ? [`${name ?? address}: ${lastError}`] : [],
  );
  return (failure === undefined ? out : [failure]).map((fault) => printable(fault, 500));
};

const wrapped = (text: string, columns: number): string[] => wrap([text], columns).split('\n');

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
