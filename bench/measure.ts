// One measurement: a contestant under one load.
import type { Cleanup } from '@container-counter/testing/ends';
import { cpuTime, residentMemory, withChildren } from '@container-counter/testing/processes';
import { type Cluster, startCluster, type Tier } from './cluster.ts';
import type { Contestant } from './contestant.ts';
import { assertCorrect } from './correct.ts';
import { type Load, load } from './load.ts';
import type { Scenario } from './scenarios.ts';

export type Measurement = Load & {
  /** Requests a second. */
  readonly rate: number;
  /** CPU time of each part for one request, in microseconds. */
  readonly cpu: Readonly<Record<Tier, number>>;
  /** Resident memory of each part after the load, in bytes. */
  readonly memory: Readonly<Record<Tier, number>>;
  /** How many more hits, or fewer, Redis counted than there were responses. */
  readonly miscounted: number;
};

const TIERS: readonly Tier[] = ['proxy', 'replicas', 'redis'];

/** Starts `contestant`, checks its responses, and loads it until its code is compiled for what it does most. */
export const prepare = async (t: Cleanup, contestant: Contestant, scenario: Scenario, warmUp: number) => {
  const cluster = await startCluster(t, contestant, scenario);
  await assertCorrect(cluster, contestant, scenario);
  await load(cluster, scenario, warmUp);
  return cluster;
};

export const measure = async (cluster: Cluster, scenario: Scenario, seconds: number): Promise<Measurement> => {
  // Not the children of Redis: now and then it starts a short-lived one that rewrites its file.
  const pids = { ...cluster.pids, proxy: withChildren(cluster.pids.proxy) };
  const [used, counted] = [mapTiers((tier) => cpuTime(pids[tier])), await cluster.counted()];
  const loaded = await load(cluster, scenario, seconds);
  return {
    ...loaded,
    rate: loaded.requests / loaded.seconds,
    cpu: mapTiers((tier) => (cpuTime(pids[tier]) - used[tier]) / loaded.requests),
    memory: mapTiers((tier) => residentMemory(pids[tier])),
    miscounted: scenario.bodies ? 0 : (await cluster.counted()) - counted - loaded.requests,
  };
};

const mapTiers = <T>(of: (tier: Tier) => T): Record<Tier, T> =>
  Object.fromEntries(TIERS.map((tier) => [tier, of(tier)])) as Record<Tier, T>;
