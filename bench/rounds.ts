// Measures contestants one after the other, round after round, so that a noisy machine cannot favour one.
import { withCleanup } from '@container-counter/testing/cleanup';
import type { Cluster } from './cluster.ts';
import type { Contestant } from './contestant.ts';
import { load } from './load.ts';
import { type Measurement, measure, prepare } from './measure.ts';
import type { Scenario } from './scenarios.ts';

/** The measurements of each contestant by its name, one a round. */
export type Rounds = Readonly<Record<string, readonly Measurement[]>>;

/** In seconds, but for `rounds`. */
export type RunOptions = { readonly rounds: number; readonly seconds: number; readonly warmUp: number };

/**
 * All run throughout, because one that was just started is slow, and idle ones cost next to nothing. Rounds are short,
 * and each is woken up before it is measured: the memory of one that idles is put aside, and its compiled code thrown
 * away.
 */
export const runRounds = async (
  contestants: readonly Contestant[],
  scenario: Scenario,
  { rounds, seconds, warmUp }: RunOptions,
  say: (line: string) => void,
): Promise<Rounds> => {
  const results: Record<string, Measurement[]> = {};
  await withCleanup(async (t) => {
    const clusters: { name: string; cluster: Cluster }[] = [];
    for (const contestant of contestants) {
      clusters.push({ name: contestant.name, cluster: await prepare(t, contestant, scenario, warmUp) });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < clusters.length; turn += 1) {
        // Another one begins each round, so that the order does not matter either.
        const { name, cluster } = clusters[(turn + round) % clusters.length] as (typeof clusters)[number];
        await load(cluster, scenario, WAKE_SECONDS);
        const result = await measure(cluster, scenario, seconds);
        say(`${scenario.name}, round ${round + 1}, ${name}: ${Math.round(result.rate)} requests a second`);
        results[name] = [...(results[name] ?? []), result];
      }
    }
  });
  return results;
};

/** Whether it makes sense to load `contestant` so. */
export const takesPart = ({ proxy, direct, name }: Contestant, scenario: Scenario): boolean => {
  if (scenario.participants || direct) return scenario.participants?.includes(name) ?? false;
  if (!scenario.everyone && !RIVALS.has(name)) return false;
  return proxy !== undefined || (scenario.everyone ?? false);
};

// Of those with a proxy, the ones that are measured in every scenario, and not only in the first.
export const RIVALS: ReadonlySet<string> = new Set(['container-counter', 'nginx keep-alive', 'http-proxy']);

const WAKE_SECONDS = 1;
