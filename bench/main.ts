// `make bench`: measures all contestants in all scenarios, and writes docs/performance.md.
import { parseArgs } from 'node:util';
import { withCleanup } from '@container-counter/testing/cleanup';
import { measureContainers } from './containers.ts';
import { CONTESTANTS } from './contestants/all.ts';
import { containerCounter } from './contestants/container-counter.ts';
import { writeDocument } from './document.ts';
import { environment, isThere } from './environment.ts';
import { measureLivePage } from './live-page.ts';
import { profile } from './profile.ts';
import { saveResult } from './results.ts';
import { measureSpeed } from './speed.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '10' },
    contestants: { type: 'string' },
    scenarios: { type: 'string' },
    containers: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});
const among = (list: string | undefined) => (name: string) => list === undefined || list.split(',').includes(name);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const command = ['node bench/main.ts', ...process.argv.slice(2)].join(' ');

if (values.containers) {
  await withCleanup(async (t) => {
    saveResult('containers', { environment: environment(), command, ...(await measureContainers(t, say)) });
  });
} else if (values.page) {
  await withCleanup(async (t) => {
    saveResult('page', { environment: environment(), command, ...(await measureLivePage(t, 10, say)) });
  });
} else {
  const absent = CONTESTANTS.filter(({ needs }) => needs !== undefined && !isThere(needs));
  for (const { name, needs } of absent) say(`${name} does not take part: ${needs} is not on this machine.`);
  const isSelected = among(values.contestants);
  const present = CONTESTANTS.filter((one) => !absent.includes(one) && isSelected(one.name));
  const warmUp = Number(values['warm-up']);
  const runOptions = { rounds: Number(values.rounds), seconds: Number(values.seconds), warmUp };
  await measureSpeed(present, runOptions, among(values.scenarios), command, say);
  saveResult('profile', { environment: environment(), command, ...(await profile(containerCounter, 2 * warmUp)) });
}
writeDocument();
