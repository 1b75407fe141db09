// `make bench`: measures all contestants in all scenarios, and writes docs/performance.md.
import { parseArgs } from 'node:util';
import { withCleanup } from '@container-counter/testing/cleanup';
import { measureContainers } from './containers.ts';
import { CONTESTANTS } from './contestants/all.ts';
import { containerCounter } from './contestants/container-counter.ts';
import { writeDocument } from './document.ts';
import { environment, isThere } from './environment.ts';
import { profile } from './profile.ts';
import { saveResult } from './results.ts';
import { type Rounds, runRounds, takesPart } from './rounds.ts';
import { halfPeak, SCENARIOS, type Scenario } from './scenarios.ts';
import { spreadOf } from './statistics.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '8' },
    contestants: { type: 'string' },
    scenarios: { type: 'string' },
    containers: { type: 'boolean', default: false },
  },
});
const named = (list: string | undefined, name: string): boolean => list === undefined || list.split(',').includes(name);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const command = ['node bench/main.ts', ...process.argv.slice(2)].join(' ');
const extent = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  warmUp: Number(values['warm-up']),
};

if (values.containers) {
  await withCleanup(async (t) => {
    saveResult('containers', { environment: environment(), command, ...(await measureContainers(t, say)) });
  });
} else {
  const absent = CONTESTANTS.filter(({ needs }) => needs !== undefined && !isThere(needs));
  for (const { name, needs } of absent) say(`${name} does not take part: ${needs} is not on this machine.`);
  const present = CONTESTANTS.filter((one) => !absent.includes(one) && named(values.contestants, one.name));

  const scenarios: { scenario: Scenario; rounds: Rounds }[] = [];
  const run = async (scenario: Scenario): Promise<void> => {
    const entrants = present.filter((contestant) => takesPart(contestant, scenario));
    if (entrants.length === 0) return;
    scenarios.push({ scenario, rounds: await runRounds(entrants, scenario, extent, say) });
    saveResult('speed', { environment: environment(), command, extent, scenarios });
  };
  for (const scenario of SCENARIOS) if (named(values.scenarios, scenario.name)) await run(scenario);
  const peak = scenarios[0]?.rounds['container-counter'];
  if (named(values.scenarios, 'half the peak') && peak) {
    await run(halfPeak(spreadOf(peak.map(({ rate }) => rate)).median));
  }
  const where = await profile(containerCounter, 2 * extent.warmUp);
  saveResult('profile', { environment: environment(), command, ...where });
}
writeDocument();
