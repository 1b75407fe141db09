// The replicas: the proxy's state of each, joined with its hits in Redis.

import type { Totals, UpstreamReport } from '@container-counter/api/messages';

export type Replica = {
  readonly name: string;
  /** Unknown of one that only Redis remembers. */
  readonly address: string | undefined;
  /** `removed`: the proxy no longer knows it. */
  readonly state: UpstreamReport['state'] | 'removed';
  readonly reason: string | undefined;
  readonly hits: number;
  /** Its part of all hits, from 0 to 1. */
  readonly share: number;
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

  return (upstreams: readonly UpstreamReport[], counts: Totals, now: number): Roster => {
    for (const upstream of upstreams) seen.set(upstream.address, { upstream, last: now });
    const here = new Set(upstreams.map(nameOf));
    for (const [address, { upstream, last }] of seen) {
      const replaced = last !== now && here.has(nameOf(upstream));
      if (replaced || now - last > REMEMBERED_MS) seen.delete(address);
    }
    const counted = (name: string, known: Omit<Replica, 'name' | 'hits' | 'share'>): Replica => {
      const hits = (Object.hasOwn(counts.replicas, name) && counts.replicas[name]) || 0;
      return { name, ...known, hits, share: counts.requests === 0 ? 0 : hits / counts.requests };
    };
    const replicas = [...seen.values()].map(({ upstream, last }) => {
      const { address, state, lastError } = upstream;
      const known =
        last === now ? { state, reason: lastError } : { state: 'removed' as const, reason: lastError ?? REMOVED };
      return counted(nameOf(upstream), { address, ...known });
    });
    const names = new Set(replicas.map(({ name }) => name));
    const former = Object.keys(counts.replicas).filter((name) => !names.has(name));
    return {
      replicas: replicas.sort(byName),
      former: former.map((name) => counted(name, NOT_SEEN)).sort(byName),
      healthy: upstreams.filter(({ state }) => state === 'healthy').length,
    };
  };
};

const REMOVED = 'The name of the replicas no longer resolves to it: it was stopped or removed.';

const NOT_SEEN = { address: undefined, state: 'removed', reason: undefined } as const;

const nameOf = ({ name, address }: UpstreamReport): string => name ?? address;

const byName = (a: Replica, b: Replica): number => a.name.localeCompare(b.name, 'en', { numeric: true });
