// The figures and sentences around the picture: the total, health, rates, the wiring, and the hit that opened the page.
import type { LiveMessage, Totals } from '@container-counter/api/messages';
import { logCommand } from './commands.ts';
import { byId, setText } from './elements.ts';
import type { Roster } from './roster.ts';
import type { Sample } from './samples.ts';
import { wiringOf } from './wiring.ts';
import { count, exact, short, timeOf, words } from './words.ts';

export type Summary = {
  readonly counts: Totals | undefined;
  readonly roster: Roster;
  readonly proxyDownSince: number | undefined;
  readonly live: LiveMessage | undefined;
  /** The replica that the feed comes from, while it is connected. */
  readonly feed: string | undefined;
};

export const showSummary = ({ counts, roster, proxyDownSince, live, feed }: Summary): void => {
  setText(byId('requests'), count(counts?.requests ?? null));
  byId('requests').title = counts === undefined ? '' : exact(counts.requests);
  const known = roster.replicas.filter(({ state }) => state !== 'removed').length;
  const isKnown = known > 0 && proxyDownSince === undefined;
  setText(byId('healthy'), isKnown ? words.healthyOf(roster.healthy, known) : '–');
  const label = proxyDownSince === undefined ? words.healthyReplicas : words.unknownSince(timeOf(proxyDownSince));
  setText(byId('healthy-label'), label);
  setText(byId('feed'), feed === undefined ? words.feedLost : words.feedFrom(feed));
  if (live !== undefined) showWiring(live);
};

const showWiring = ({ redis }: LiveMessage): void => {
  const wiring = wiringOf(redis);
  setText(byId('wiring'), words[wiring](wiring === 'local' ? `${redis.host}:${redis.port}` : redis.host));
  const command = logCommand(wiring);
  setText(byId('log-hint'), command === undefined ? words.findInTerminal : words.findInLogs);
  setText(byId('log-command'), command ?? '');
};

/** Shows the rates of the last second. */
export const showRates = (samples: readonly Sample[], now: number): void => {
  const rate = samples.at(-1)?.rate ?? null;
  const latency = samples.findLast((one) => one.latency !== null && now - one.at < 2000)?.latency ?? null;
  setText(byId('rate'), rate === null ? '–' : short(rate));
  setText(byId('latency'), latency === null ? '–' : `${short(latency)} ms`);
};

export const showOpened = (): void => {
  const hit = openingHit();
  const failure = byId('opened').dataset['failure'] ?? '';
  setText(byId('opened'), hit === '' ? words.notCounted(failure) : words.openedBy(hit));
};

/** The hit that opened the page, in its language, as the replica wrote it for curl: hit 1 served by web1 (172.18.0.3). */
export const openingHit = (): string => {
  const [, number, replica] = /^hit (\d+) served by (.*)$/s.exec(byId('opened').dataset['hit'] ?? '') ?? [];
  return number === undefined || replica === undefined ? '' : words.hitServedBy(exact(Number(number)), replica);
};
