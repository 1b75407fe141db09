// Measures the participants as processes: every scenario, the memory of an idle connection, and where the time goes.
import { measureKept } from './connections.ts';
import type { Contestant } from './contestant.ts';
import { environment } from './environment.ts';
import { type Speed, saveResult } from './results.ts';
import { RIVALS, type RunOptions, runRounds, takesPart } from './rounds.ts';
import { halfPeak, SCENARIOS, type Scenario } from './scenarios.ts';
import { spreadOf } from './statistics.ts';

/**
 * Measures `contestants`, and saves what it has after each scenario.
 * @param wanted whether a scenario is, by its name
 */
export const measureSpeed = async (
  contestants: readonly Contestant[],
  runOptions: RunOptions,
  wanted: (scenario: string) => boolean,
  command: string,
  say: (line: string) => void,
): Promise<void> => {
  const scenarios: Speed['scenarios'][number][] = [];
  const kept: Record<string, number[]> = {};
  const save = (): void => saveResult('speed', { environment: environment(), command, runOptions, scenarios, kept });

  const run = async (scenario: Scenario): Promise<void> => {
    const participants = contestants.filter((contestant) => takesPart(contestant, scenario));
    scenarios.push({ scenario, rounds: await runRounds(participants, scenario, runOptions, say) });
    save();
  };
  for (const scenario of SCENARIOS) if (wanted(scenario.name)) await run(scenario);
  const peak = scenarios[0]?.rounds['container-counter'];
  if (peak && wanted('half the peak')) await run(halfPeak(spreadOf(peak.map(({ rate }) => rate)).median));

  const proxies = contestants.filter(({ name, proxy }) => proxy !== undefined && RIVALS.has(name));
  for (let round = 0; round < KEPT_ROUNDS; round += 1) {
    for (const one of proxies) kept[one.name] = [...(kept[one.name] ?? []), await measureKept(one)];
    save();
  }
};

// They differ by little.
const KEPT_ROUNDS = 3;
