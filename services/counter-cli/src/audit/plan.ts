// Plans an audit: which fault is injected when, and into which process. The same seed gives the same plan.
import { type FaultKind, REPLICAS } from './kinds.ts';

export type Planned = {
  readonly kind: FaultKind;
  /** It strikes when this many requests were begun, or as soon after that as the fault before is over. */
  readonly at: number;
  /** Which replica it hits, from 0; faults of others leave it out of account. */
  readonly victim: number;
};

/** Every kind comes once, in any order, before any is repeated. */
export const planOf = (seed: number, requests: number, kinds: readonly FaultKind[], count: number): Planned[] => {
  const random = mulberry32(seed);
  let bag: readonly FaultKind[] = [];
  return Array.from({ length: count }, (_, i) => {
    if (bag.length === 0) bag = shuffled(kinds, random);
    const kind = bag[0] as FaultKind;
    bag = bag.slice(1);
    const at = Math.floor(((i + 0.25 + random() / 4) * requests) / count); // between them, and after them, there is some quiet
    return { kind, at, victim: Math.floor(random() * REPLICAS) };
  });
};

const shuffled = <T>(all: readonly T[], random: () => number): T[] =>
  all
    .map((one) => ({ one, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one);

/** Tommy Ettinger's generator: 32 bits of state, numbers from 0 to 1. */
export const mulberry32 = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
