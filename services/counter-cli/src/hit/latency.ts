// Percentiles of how long answers took.

/** All in milliseconds, to the microsecond. */
export type Latency = {
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
};

/** @param ascending in milliseconds, sorted @returns undefined when there is none */
export const latencyOf = (ascending: readonly number[]): Latency | undefined => {
  if (ascending.length === 0) return undefined;
  return {
    min: at(ascending, 0),
    p50: at(ascending, 50),
    p90: at(ascending, 90),
    p99: at(ascending, 99),
    max: at(ascending, 100),
  };
};

// Nearest rank: the smallest value that at least `percentile` percent of all values do not exceed.
const at = (ascending: readonly number[], percentile: number): number => {
  const rank = Math.max(1, Math.ceil((percentile / 100) * ascending.length));
  return Math.round((ascending[rank - 1] ?? 0) * 1000) / 1000;
};
