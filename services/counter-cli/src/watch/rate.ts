// Turns a growing count into a rate: over the last second or a little more.

const OVER_MS = 1000;

/** Makes a function that takes each reading; it gives the rate a second, or undefined while that is not known. */
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
