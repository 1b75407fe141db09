// Measures contestants in turn, round after round, so that a noisy machine cannot favour one.
import type { Contestant } from './contestant.ts';
import { type Measurement, measure } from './measure.ts';
import type { Scenario } from './scenarios.ts';

/** The measurements of each contestant by its name, one a round. */
export type Rounds = Readonly<Record<string, readonly Measurement[]>>;

export const runRounds = async (
  contestants: readonly Contestant[],
  scenario: Scenario,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: (line: string) => void,
): Promise<Rounds> => {
  const results: Record<string, Measurement[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      // Another one begins each round: who comes after whom must not matter either.
      const contestant = contestants[(turn + round) % contestants.length] as Contestant;
      const result = await measure(contestant, scenario, seconds);
      say(`${scenario.name}, round ${round + 1}, ${contestant.name}: ${Math.round(result.rate)} requests a second`);
      results[contestant.name] = [...(results[contestant.name] ?? []), result];
    }
  }
  return results;
};

/** Whether it makes sense to load `contestant` so. */
export const takesPart = ({ proxy, replica, name }: Contestant, scenario: Scenario): boolean => {
  if (scenario.hopOf) return scenario.hopOf.includes(name);
  if (scenario.bodies) return proxy !== undefined && replica === 'counter';
  return proxy !== undefined || (scenario.replicas === 3 && !scenario.slowReplica);
};
