// Judges whether the counter moved by exactly the number of answered hits.
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
 * @param answered hits that were answered @param failed requests that were not
 */
export const judge = (
  before: number | undefined,
  after: number | undefined,
  answered: number,
  failed: number,
): Movement => {
  if (before === undefined || after === undefined) {
    const when = before === undefined ? 'before' : 'after';
    const sentence = `the counter could not be read ${when} the run, so it is unknown whether each hit was counted`;
    return { before, after, verdict: 'unknown', sentence };
  }
  const moved = after - before;
  const verdict = moved === answered ? 'exact' : moved > answered ? 'more' : 'lost';
  const facts = `the counter moved from ${before} to ${after}: ${plural(moved, 'hit')}, ${answered} answered`;
  return { before, after, verdict, sentence: `${facts}: ${REASONS[verdict](moved - answered, failed)}` };
};

const REASONS: Readonly<Record<Exclude<Verdict, 'unknown'>, (surplus: number, failed: number) => string>> = {
  exact: () => 'exact',
  more: (surplus, failed) =>
    surplus <= failed
      ? `${surplus} more; a failed request may have been counted before its response was lost`
      : `${surplus} more; somebody else is hitting it too`,
  lost: (surplus) => `${-surplus} lost, or somebody reset the counter meanwhile`,
};
