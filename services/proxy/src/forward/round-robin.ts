// Whose turn it is: round robin.

/** What a turn needs to know of an upstream. */
export type Candidate = { readonly healthy: boolean };

/**
 * Makes a function that gives each candidate its turn in the order of the list, the first turn to the first. A
 * candidate that is out or was tried already is skipped, and the next one gets its turn.
 */
export const createRoundRobin = () => {
  let turn = 0;
  return <T extends Candidate>(candidates: readonly T[], tried: ReadonlySet<T>): T | undefined => {
    for (let skipped = 0; skipped < candidates.length; skipped += 1) {
      const candidate = candidates[turn % candidates.length];
      turn = (turn + 1) % candidates.length;
      if (candidate?.healthy && !tried.has(candidate)) return candidate;
    }
    return undefined;
  };
};
