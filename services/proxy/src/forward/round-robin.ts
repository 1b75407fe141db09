// Round robin over the healthy upstreams.

/** What the selection needs to know of an upstream. */
export type Candidate = { readonly healthy: boolean };

/**
 * Returns a function that selects the candidates in the order of the list, starting with the first. One that is
 * unhealthy or was already tried is skipped.
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
