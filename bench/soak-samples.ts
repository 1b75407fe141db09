// Loads the cluster for a long time, and watches what it holds on to.
import { setTimeout as pause } from 'node:timers/promises';
import type { Cleanup } from '@container-counter/testing/ends';
import { openFiles, residentMemory } from '@container-counter/testing/processes';
import { startCluster } from './cluster.ts';
import type { Contestant } from './contestant.ts';
import { load } from './load.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

export type Sample = {
  /** Since the start. */
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** Resident, in bytes. */
  readonly proxyMemory: number;
  readonly replicasMemory: number;
  /** Open files, sockets among them. */
  readonly proxyFiles: number;
};

export type Soak = { readonly samples: readonly Sample[] };

export const soak = async (
  t: Cleanup,
  contestant: Contestant,
  minutes: number,
  onSample: (sample: Sample) => void,
): Promise<Soak> => {
  const scenario = SCENARIOS[0] as Scenario;
  const cluster = await startCluster(t, contestant, scenario);
  const samples: Sample[] = [];
  const start = performance.now();
  while (performance.now() - start < minutes * 60_000) {
    const { requests, failed } = await load(cluster, scenario, SAMPLE_SECONDS);
    const sample = {
      seconds: Math.round((performance.now() - start) / 1000),
      requests,
      failed,
      proxyMemory: residentMemory(cluster.pids.proxy),
      replicasMemory: residentMemory(cluster.pids.replicas),
      proxyFiles: await leastOfASecond(() => openFiles(cluster.pids.proxy)),
    };
    samples.push(sample);
    onSample(sample);
  }
  return { samples };
};

// The load has just closed its connections, which the proxy notices a moment later.
const leastOfASecond = async (value: () => number): Promise<number> => {
  let least = value();
  for (let i = 0; i < 10; i += 1) {
    await pause(100);
    least = Math.min(least, value());
  }
  return least;
};

/** Whether `value` of the last third of the samples is at most a tenth above that of the middle third. */
export const isSteady = ({ samples }: Soak, value: (sample: Sample) => number): boolean => {
  const third = Math.floor(samples.length / 3);
  const mean = (part: readonly Sample[]): number => part.reduce((sum, sample) => sum + value(sample), 0) / part.length;
  return mean(samples.slice(-third)) <= 1.1 * mean(samples.slice(third, -third));
};

const SAMPLE_SECONDS = 15;
