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
    .description('Compare both wirings side by side, from running containers.')
    .option('--keep', 'leave running what it started')
    .option('--html <file>', 'also write an HTML page with diagrams to this file')
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
    'Running clusters are used as they are. A wiring that is not running is started for the comparison,',
    'on another port if PROXY_PORT is taken, and removed with its data. What happens when Redis is',
    'restarted or recreated, and in which order containers start, is tested on throwaway containers.',
  ],
  exit: 'Exit codes: 0 compared, 1 Docker failed, 2 wrong usage.',
  examples: ['counter compare', 'counter compare --html compare.html', 'counter compare --keep --json'],
});
