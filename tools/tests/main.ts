// Runs the tests of this project: all of them, or with `fast` those that need neither Docker nor a browser nor patience.
import { all, fast } from './groups.ts';
import { outcomeText, totalsText } from './report.ts';
import { type Outcome, runLanes } from './run.ts';

const begin = performance.now();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const outcomes: Outcome[] = [];
const lanes = process.argv[2] === 'fast' ? fast() : all();
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
