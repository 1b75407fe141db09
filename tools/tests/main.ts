// Runs the tests of this project: all of them, or a selection: `fast`, without Docker and without a browser; `docker`;
// `oldest`, what the oldest tested engine must do as well.
import { all, docker, fast, oldest } from './groups.ts';
import { outcomeText, totalsText } from './report.ts';
import { type Outcome, runLanes } from './run.ts';

const SELECTIONS = new Map(Object.entries({ all, docker, fast, oldest }));
const select = SELECTIONS.get(process.argv[2] ?? 'all');
if (select === undefined) throw new Error(`usage: tools/test [${[...SELECTIONS.keys()].join(' | ')}]`);

const begin = performance.now();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const outcomes: Outcome[] = [];
await runLanes(
  select(process.env),
  (outcome) => {
    outcomes.push(outcome);
    console.log(outcomeText(outcome));
  },
  stop.signal,
);
console.log(totalsText(outcomes, (performance.now() - begin) / 1000));
process.exitCode = stop.signal.aborted || outcomes.some(({ fault }) => fault) ? 1 : 0;
