// `counter audit`: injects faults into a throwaway cluster under load, and verifies that every hit is counted exactly once.
import { Argument, Command } from 'commander';
import { CommandError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { countUpTo } from '../options.ts';
import { requireProject } from '../project.ts';
import { colorsOf, print, printFolded, printJson, type Terminal } from '../terminal.ts';
import { startDockerCluster } from './docker-cluster.ts';
import { requireWritable, writeReport } from './document.ts';
import { FAULTS, KINDS } from './kinds.ts';
import { startLocalCluster } from './local-cluster.ts';
import { kindsOf, type Options } from './options.ts';
import { planOf } from './plan.ts';
import { lineOf, report } from './report.ts';
import { runAudit } from './run-audit.ts';

const CLUSTERS = { local: startLocalCluster, networks: startDockerCluster } as const;

export const audit = (terminal: Terminal): Command =>
  new Command('audit')
    .description(
      'Inject faults into a throwaway cluster under load, and verify that every hit is counted exactly once.',
    )
    .addArgument(new Argument('[variant]', 'how the cluster runs').choices(Object.keys(CLUSTERS)).default('local'))
    .option('-n, --requests <number>', 'number of requests to send', countUpTo(10_000_000), 20_000)
    .option('-c, --concurrency <number>', 'number of requests in flight', countUpTo(1000), 32)
    .option(
      '--seed <number>',
      'seed for the order of the faults, their victims and their timing',
      countUpTo(2 ** 31),
      1,
    )
    .option('--faults <list>', 'kinds of fault to inject, separated by commas (default: all)', kindsOf)
    .option('--count <number>', 'number of faults to inject (default: each kind once)', countUpTo(10_000))
    .option('--plan', 'print the plan and exit')
    .option('--report <file>', 'write the results to this Markdown document, replacing the last ones of this variant')
    .option('--json', 'print all measurements as one JSON document')
    .addHelpText('after', HELP)
    .action(async (variant: keyof typeof CLUSTERS, options: Options) => {
      requireProject();
      const { requests, concurrency, seed, faults = KINDS, count = faults.length, json } = options;
      const plan = planOf(seed, requests, faults, count);
      if (options.plan) return printJson(terminal, plan);
      if (options.report !== undefined) requireWritable(options.report); // now, not when the audit is over
      const stop = new AbortController();
      void terminal.stopSignal().then(() => stop.abort());
      const run = { requests, concurrency, plan };
      const result = await runAudit(CLUSTERS[variant](terminal), run, stop.signal, (incident, number) => {
        if (!json) printFolded(terminal, lineOf(incident, number));
      });
      if (json) printJson(terminal, { variant, requests, concurrency, seed, ...result });
      else print(terminal, `\n${report(result, colorsOf(terminal))}`);
      if (options.report !== undefined) writeReport(options.report, variant, options, result);
      if (!result.verdict.good) throw new CommandError('The audit failed.');
    });

const HELP = helpFooter({
  notes: [
    'Variants:',
    '  local     processes on this machine; needs redis-server or valkey-server on the PATH',
    '  networks  containers on user-defined networks (docker-compose.yml); needs no other cluster up',
    '',
    'Faults:',
    ...KINDS.map((kind) => `  ${kind.padEnd(18)}${FAULTS[kind].does}`),
    '',
    'Each run starts a new cluster, and removes it afterwards. Requests are sent as by "hit --exact".',
    'They are spread out during a fault; the next fault waits until the cluster is healthy again. If the',
    'requests run out before that, a few more are sent.',
  ],
  exit: [
    'Exit codes: 0 every hit was counted and acknowledged exactly once, and the only errors were those of',
    'clients that do not retry, while Redis or the proxy was down; 1 verification failed or was',
    'inconclusive; 2 wrong usage.',
  ].join('\n'),
  examples: [
    'counter audit',
    'counter audit networks -n 50000 --seed 7',
    'counter audit --faults kill-replica,pause-replica --count 20',
  ],
});
