// Medians and spreads of a few rounds.

export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** @param values one or more */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? Number.NaN;
  const last = sorted.length - 1;
  return { median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2, min: at(0), max: at(last) };
};

/** How many times as much `a` has as `b`, round by round: what disturbs both in one round leaves their ratio alone. */
export const ratioOf = (a: readonly number[], b: readonly number[]): Spread =>
  spreadOf(a.map((value, round) => value / (b[round] ?? Number.NaN)));
