// `counter hit`: sends hits, and shows the hits per replica and whether each was counted once.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { Pool } from 'undici';
import { readConfig } from '../config.ts';
import { getCounts, NoCounts } from '../counter-client.ts';
import { CommandError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { countUpTo, urlOption } from '../options.ts';
import { colorsOf, isTerminal, printFolded, printJson, type Terminal } from '../terminal.ts';
import { LAST_ATTEMPT_MS } from './exact.ts';
import { sendHits } from './load.ts';
import { showProgress } from './progress.ts';
import { type Run, report, runOf } from './report.ts';
import { judge } from './verdict.ts';

type Options = {
  readonly url?: URL;
  readonly requests: number;
  readonly concurrency: number;
  readonly exact?: true;
  readonly json?: true;
};

export const hit = (terminal: Terminal): Command =>
  new Command('hit')
    .description('Send hits, then show the hits per replica and whether each was counted exactly once.')
    .addOption(urlOption())
    .option('-n, --requests <number>', 'number of hits to send', countUpTo(1_000_000), 100)
    .option('-c, --concurrency <number>', 'number of requests in flight', countUpTo(1000), 1)
    .option('--exact', 'send each hit with its own Idempotency-Key, and retry until its number is known')
    .option('--json', 'print all measurements as one JSON document')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const url = options.url ?? readConfig(terminal.env).counterUrl;
      const run = await measure(terminal, url, options);
      if (options.json) printJson(terminal, run);
      else printFolded(terminal, report(run, colorsOf(terminal), isTerminal(terminal.stdout)));
      const fault = faultOf(run);
      if (fault !== undefined) throw new CommandError(fault);
    });

const measure = async (terminal: Terminal, url: URL, options: Options): Promise<Run> => {
  const { requests, concurrency, exact = false, json } = options;
  const pool = new Pool(url.origin, { connections: concurrency, pipelining: 1, connect: { timeout: 5000 } });
  const stop = new AbortController();
  try {
    const patienceMs = exact ? LAST_ATTEMPT_MS : 0;
    const before = await requestsOf(pool, url, patienceMs, stop.signal);
    void terminal.stopSignal().then(() => stop.abort());
    const progress = json ? undefined : showProgress(terminal, requests);
    const load = { url, requests, concurrency, exact, stop: stop.signal, onResponse: () => progress?.step() };
    const tally = await sendHits(pool, load).finally(() => progress?.stop());
    const later = await requestsOf(pool, url, patienceMs, stop.signal).catch(() => undefined);
    return runOf(url, load, tally, judge(before, later, tally.acknowledged, tally.failed));
  } finally {
    await pool.destroy();
  }
};

/**
 * Hits are sent even if the counter reports a problem, to show how it responds to them.
 * @param patienceMs how long a problem may last: exact hits outlast it, so their count should, too
 * @param stop ends the patience
 */
const requestsOf = async (pool: Pool, url: URL, patienceMs: number, stop: AbortSignal): Promise<number | undefined> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return (await getCounts(pool, url)).requests;
    } catch (error) {
      if (!(error instanceof NoCounts && error.inTrouble)) throw error;
      if (stop.aborted || performance.now() >= end) return undefined;
    }
    await sleep(READ_EVERY_MS);
  }
};

const READ_EVERY_MS = 200;

const faultOf = ({ requests, counter }: Run): string | undefined => {
  if (requests.failed > 0) return `${requests.failed} of ${requests.sent} requests failed.`;
  if (counter.verdict === 'lost') return 'Acknowledged hits are missing from the counter.';
  return counter.verdict === 'unknown' ? 'Whether each hit was counted is unknown.' : undefined;
};

const HELP = helpFooter({
  notes: [
    'It works like a curl loop with keep-alive: each request is sent once, and never retried. With',
    '--exact it is retried after a lost response or a 5xx, for up to 28 seconds, with the same',
    'Idempotency-Key, so it is counted once. curl does the same with',
    '  -H "Idempotency-Key: $(uuidgen)" --retry 9 --retry-all-errors --retry-max-time 28',
    'Ctrl-C stops it and shows the results so far.',
  ],
  exit: [
    'Exit codes: 0 every hit was acknowledged, and none is missing from the counter; 1 a request failed,',
    'hits are missing from the counter, or it could not be read; 2 wrong usage. Extra hits in the counter',
    'are not a failure: somebody else may be hitting it too.',
  ].join('\n'),
  examples: [
    'counter hit -n 99',
    'counter hit -n 5000 -c 50',
    'counter hit -n 5000 -c 50 --exact',
    'counter hit --url http://localhost:8081 --json',
  ],
});
