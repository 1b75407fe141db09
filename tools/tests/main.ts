// Runs the tests of this project: all of them, with `docker` those in Docker, with `fast` those that need neither Docker
// nor a browser nor patience.
import { all, docker, fast, type Lane } from './groups.ts';
import { outcomeText, totalsText } from './report.ts';
import { type Outcome, runLanes } from './run.ts';

const SELECTIONS: Readonly<Record<string, () => Lane[]>> = { all, docker, fast };

const begin = performance.now();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const outcomes: Outcome[] = [];
const lanes = SELECTIONS[process.argv[2] ?? 'all']?.() ?? all();
await runLanes(
  lanes,
  (outcome) => {
    outcomes.push(outcome);
    console.log(outcomeText(outcome));
  },
  stop.signal,
);
console.log(totalsText(outcomes, (performance.now() - begin) / 1000));
process.exitCode = stop.signal.aborted || outcomes.some(({ fault }) => fault) ? 1 : 0;
