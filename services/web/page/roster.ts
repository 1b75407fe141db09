// The replicas: the proxy's state of each, joined with its hits in Redis.

import type { Totals, UpstreamReport } from '@container-counter/api/messages';
import { hitsOf } from './recent.ts';

export type Replica = {
  readonly name: string;
  /** What the proxy reports; unknown of one that only Redis remembers. */
  readonly upstream: UpstreamReport | undefined;
  /**
   * `waiting`: it responds, but does not reach Redis; `removed`: the proxy no longer knows it; `unknown`: the proxy does
   * not respond; `former`: only Redis remembers it.
   */
  readonly state: UpstreamReport['state'] | 'waiting' | 'removed' | 'unknown' | 'former';
  readonly reason: string | undefined;
  /** Null before Redis has said it. */
  readonly hits: number | null;
};

export type Roster = {
  /** In round-robin order, without those that were removed a while ago. */
  readonly replicas: readonly Replica[];
  /** Those with hits in Redis that are no longer running. */
  readonly former: readonly Replica[];
  readonly healthy: number;
};

const REMEMBERED_MS = 30_000;

/** Makes a function that joins both sources; it remembers for half a minute who was there before. */
export const createRoster = () => {
  const seen = new Map<string, { upstream: UpstreamReport; last: number }>();

  /** @param upstreams undefined while the proxy does not respond: then nothing is known of what was seen before */
  return (upstreams: readonly UpstreamReport[] | undefined, counts: Totals | undefined, now: number): Roster => {
    for (const upstream of upstreams ?? []) seen.set(upstream.address, { upstream, last: now });
    const here = new Set(upstreams?.map(nameOf));
    for (const [address, { upstream, last }] of upstreams === undefined ? [] : seen) {
      const replaced = last !== now && here.has(nameOf(upstream));
      if (replaced || now - last > REMEMBERED_MS) seen.delete(address);
    }
    const replicas = [...seen.values()].map(({ upstream, last }): Replica => {
      const name = nameOf(upstream);
      const state = upstreams === undefined ? 'unknown' : last !== now ? 'removed' : stateOf(upstream);
      const reason = state === 'unknown' ? undefined : upstream.lastError;
      return { name, upstream, state, reason, hits: counts === undefined ? null : hitsOf(counts, name) };
    });
    const names = new Set(replicas.map(({ name }) => name));
    const former = Object.keys(counts?.replicas ?? {})
      .filter((name) => !names.has(name))
      .map((name): Replica => ({ name, ...FORMER, hits: counts === undefined ? null : hitsOf(counts, name) }));
    return {
      replicas: replicas.sort(byName),
      former: former.sort(byName),
      healthy: replicas.filter(({ state }) => state === 'healthy').length,
    };
  };
};

const FORMER = { upstream: undefined, state: 'former', reason: undefined } as const;

// What a replica says of Redis, and what Redis says of a replica, begins with its name.
const stateOf = ({ state, lastError }: UpstreamReport): Replica['state'] =>
  state === 'unhealthy' && isAboutRedis(lastError) ? 'waiting' : state;

/** Whether the reason of a replica is that it does not reach Redis. */
export const isAboutRedis = (reason: string | undefined): boolean => reason?.startsWith('Redis') === true;

const nameOf = ({ name, address }: UpstreamReport): string => name ?? address;

const byName = (a: Replica, b: Replica): number => a.name.localeCompare(b.name, 'en', { numeric: true });
