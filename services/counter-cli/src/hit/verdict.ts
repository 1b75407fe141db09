// Judges whether the counter moved by exactly the number of acknowledged hits.
import { plural } from '../text.ts';

export type Verdict = 'exact' | 'more' | 'lost' | 'unknown';

export type Movement = {
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly verdict: Verdict;
  /** What happened, in words. */
  readonly sentence: string;
};

/**
 * @param before what the counter stood at, undefined when it did not say @param after likewise
 * @param acknowledged hits whose response gave their number @param failed requests without one
 */
export const judge = (
  before: number | undefined,
  after: number | undefined,
  acknowledged: number,
  failed: number,
): Movement => {
  if (before === undefined || after === undefined) {
    const when = before === undefined ? 'before' : 'after';
    const sentence = `the counter could not be read ${when} the run, so it is unknown whether each hit was counted`;
    return { before, after, verdict: 'unknown', sentence };
  }
  const moved = after - before;
  const verdict = moved === acknowledged ? 'exact' : moved > acknowledged ? 'more' : 'lost';
  const facts = `the counter moved from ${before} to ${after}: ${plural(moved, 'hit')}, ${acknowledged} acknowledged`;
  return { before, after, verdict, sentence: `${facts}: ${REASONS[verdict](moved - acknowledged, failed)}` };
};

const REASONS: Readonly<Record<Exclude<Verdict, 'unknown'>, (surplus: number, failed: number) => string>> = {
  exact: () => 'exact',
  more: (surplus, failed) =>
    surplus <= failed
      ? `${surplus} more; a failed request may have been counted before its response was lost`
      : `${surplus} more; somebody else is hitting it too`,
  lost: (surplus) => `${-surplus} lost, or somebody reset the counter meanwhile`,
};
