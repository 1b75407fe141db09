// How many hits each replica served in the last seconds, from the totals of the feed.
import type { Totals } from '@container-counter/api/messages';

export type Recent = {
  /** Hits per second now; null while it is not known. */
  readonly rate: number | null;
  /** Of one replica: hits per second now, and its part of all hits of the last 10 s, if there were any. */
  readonly of: (replica: string) => { readonly rate: number | null; readonly share: number | null };
};

const NOW_MS = 1500;
const SHARE_MS = 10_000;
const EVERY_MS = 200;

/** Makes `add`, for the totals of each message, and `at`, for what is known at a time in milliseconds. */
export const createRecent = () => {
  let readings: { readonly at: number; readonly counts: Totals }[] = [];

  const add = (at: number, counts: Totals): void => {
    const last = readings.at(-1);
    if (last !== undefined && counts.requests < last.counts.requests) readings = []; // the counter was reset
    // The newest is kept as it is, so that nothing is missing of a burst.
    if (readings.length > 1 && at - (readings.at(-2)?.at ?? 0) < EVERY_MS) readings.pop();
    readings.push({ at, counts });
    while (at - (readings[1]?.at ?? at) >= SHARE_MS) readings.shift();
  };

  const at = (now: number): Recent => {
    const last = readings.at(-1);
    const before = (ms: number) => readings.findLast((one) => now - one.at >= ms) ?? readings[0];
    const [brief, long] = [before(NOW_MS), before(SHARE_MS)];
    const seconds = brief === undefined ? 0 : (now - brief.at) / 1000;
    const rateOf = (hits: (counts: Totals) => number): number | null =>
      brief === undefined || last === undefined || seconds < 0.5
        ? null
        : (hits(last.counts) - hits(brief.counts)) / seconds;
    const all = last === undefined || long === undefined ? 0 : last.counts.requests - long.counts.requests;
    return {
      rate: rateOf(({ requests }) => requests),
      of: (replica) => {
        const hits = (counts: Totals): number => hitsOf(counts, replica);
        const served = last === undefined || long === undefined ? 0 : hits(last.counts) - hits(long.counts);
        return { rate: rateOf(hits), share: all === 0 ? null : served / all };
      },
    };
  };
  return { add, at };
};

/** The hits of one replica, whatever its name is. */
export const hitsOf = ({ replicas }: Totals, name: string): number =>
  (Object.hasOwn(replicas, name) && replicas[name]) || 0;
