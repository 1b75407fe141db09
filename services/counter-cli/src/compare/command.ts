// `counter compare`: both wirings side by side, from containers that run.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { dockerIn } from '../docker/docker.ts';
import { whyNoContainers } from '../docker/engine.ts';
import { CommandError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { requireProject } from '../project.ts';
import { colorsOf, print, printJson, type Terminal } from '../terminal.ts';
import { compareSides } from './comparison.ts';
import { page } from './page.ts';
import { compareReport } from './report.ts';
import { rowsOf } from './rows.ts';
import { startSides } from './sides.ts';

type Options = { readonly keep?: true; readonly html?: string; readonly json?: true };

export const compare = (terminal: Terminal): Command =>
  new Command('compare')
    .description('Compare both wirings side by side, from the live containers of both.')
    .option('--keep', 'leave what it started running')
    .option('--html <file>', 'also write a page with drawings into this file')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async ({ keep, html, json }: Options) => {
      requireProject();
      const { env } = terminal;
      const config = readConfig(env);
      const why = await whyNoContainers(env);
      if (why !== undefined) throw new CommandError(`The comparison needs Docker, but ${why}.`);
      const docker = dockerIn(env);
      const sides = await startSides(terminal, config, docker);
      try {
        const comparison = await compareSides(docker, env, sides);
        if (html !== undefined) writeFileSync(html, page(comparison));
        if (json) printJson(terminal, { ...comparison, rows: rowsOf(comparison) });
        else print(terminal, compareReport(comparison, colorsOf(terminal)));
      } finally {
        if (!keep) await Promise.all(sides.map(({ end }) => end()));
      }
    });

const HELP = helpFooter({
  notes: [
    'What is up is taken as it is; a wiring that is not up is started for the comparison, on another port',
    'if PROXY_PORT is taken, and its data go with it. What happens when Redis restarts or is made again,',
    'and in which order things start, is tried out on containers of its own, which are gone afterwards.',
  ],
  exit: 'Exit codes: 0 compared, 1 Docker failed, 2 wrong usage.',
  examples: ['counter compare', 'counter compare --html compare.html', 'counter compare --keep --json'],
});
