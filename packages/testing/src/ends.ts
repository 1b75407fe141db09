// Ends what a test has registered with `afterwards`: the last first, and all of it though a part fails, unlike `t.after`.
import type { TestContext } from 'node:test';

/** Where a program's clean-up is registered: a test, or a suite's own list. */
export type Cleanup = Pick<TestContext, 'after'>;

type End = () => unknown;

const known = new WeakMap<Cleanup, End[]>();

/** Registers what ends something that `t` has started. */
export const afterwards = (t: Cleanup, end: End): void => {
  const ends = known.get(t);
  if (ends !== undefined) {
    ends.push(end);
    return;
  }
  const list = [end];
  known.set(t, list);
  t.after(() => endAll(list));
};

/** A list of its own. @returns what runs all that was registered, and throws what went wrong */
export const createEnds = (): { readonly t: Cleanup; readonly end: () => Promise<void> } => {
  const ends: End[] = [];
  const t: Cleanup = { after: (end) => void ends.push(end as End) };
  known.set(t, ends);
  return { t, end: () => endAll(ends) };
};

const endAll = async (ends: End[]): Promise<void> => {
  const faults: unknown[] = [];
  // One by one, for more may be registered meanwhile: a program that a signal stops still runs.
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    try {
      await end();
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 1) throw new AggregateError(faults, faults.map(String).join('\n'));
  if (faults.length === 1) throw faults[0];
};
