// Tallies the responses to a run of hits.
import { performance } from 'node:perf_hooks';

/** What one replica served. Its name may have had several addresses, when it was replaced during the run. */
export type Served = { readonly name: string; readonly addresses: readonly string[]; readonly hits: number };

export type Tally = {
  /** Successes by replica. */
  readonly replicas: readonly Served[];
  /** How many responses had each status; a request without a response counts under the name of its error. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Hits whose response gave their number. */
  readonly acknowledged: number;
  readonly failed: number;
  /** Failed attempts that were retried; only exact hits have any. */
  readonly retries: number;
  /** What the first failure said, in a sentence. */
  readonly firstFailure: string | undefined;
  /** Milliseconds that each response took, errors included, in ascending order. */
  readonly latencies: readonly number[];
  readonly seconds: number;
};

export type Tallying = ReturnType<typeof createTally>;

export const createTally = () => {
  const replicas = new Map<string, { addresses: Set<string>; hits: number }>();
  const statuses = new Map<string, number>();
  const latencies: number[] = [];
  let acknowledged = 0;
  let failed = 0;
  let retries = 0;
  let firstFailure: string | undefined;
  const start = performance.now();

  return {
    hit: (replica: string, address: string, status: number, ms: number): void => {
      const served = replicas.get(replica) ?? { addresses: new Set(), hits: 0 };
      served.addresses.add(address);
      served.hits += 1;
      replicas.set(replica, served);
      add(statuses, `${status}`);
      latencies.push(ms);
      acknowledged += 1;
    },
    /** @param name a status, or the name of an error @param ms undefined when there was no response */
    failure: (name: string, sentence: string, ms?: number): void => {
      add(statuses, name);
      if (ms !== undefined) latencies.push(ms);
      firstFailure ??= sentence;
      failed += 1;
    },
    retry: (): void => {
      retries += 1;
    },
    result: (): Tally => ({
      replicas: [...replicas].map(([name, { addresses, hits }]) => ({ name, addresses: [...addresses], hits })),
      statuses: Object.fromEntries(statuses),
      acknowledged,
      failed,
      retries,
      firstFailure,
      latencies: latencies.toSorted((a, b) => a - b),
      seconds: (performance.now() - start) / 1000,
    }),
  };
};

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

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
