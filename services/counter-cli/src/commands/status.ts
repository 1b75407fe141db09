// `counter status`: shows what is running, and where.
import { widthOf } from '@container-counter/why/fold';
import { diagnosisText } from '@container-counter/why/why-text';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { helpFooter } from '../help.ts';
import { requireProject } from '../project.ts';
import { readStatus, type Up } from '../status.ts';
import { table } from '../table.ts';
import { type Colors, colorsOf, print, printFolded, printJson, type Terminal } from '../terminal.ts';

export const status = (terminal: Terminal): Command =>
  new Command('status')
    .description(
      'Show what is running: containers, processes or the tasks of a swarm, with their state and addresses, and the URL.',
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async ({ json }: { readonly json?: true }) => {
      requireProject();
      const found = await readStatus(readConfig(terminal.env), terminal.env);
      if (json) return printJson(terminal, found);
      const { up, noContainers, doubts } = found;
      if (noContainers !== null) printFolded(terminal, `Containers are not shown: ${noContainers}.`);
      print(
        terminal,
        up.length === 0 ? 'nothing is running' : up.map((one) => show(one, colorsOf(terminal))).join('\n\n'),
      );
      for (const doubt of doubts) print(terminal, `\n${diagnosisText(doubt, widthOf(terminal.stdout))}`);
    });

const show = ({ variant, project, url, parts }: Up, colors: Colors): string => {
  const rows = parts.map(({ name, state, addresses }) => [name, state, addresses.join(', ')]);
  return `${variant}${project === undefined ? '' : ` (project ${project})`}: ${url ?? 'no proxy is running'}\n\n${table(COLUMNS, rows, colors)}`;
};

const COLUMNS = [{ title: 'name' }, { title: 'state' }, { title: 'address' }];

const HELP = helpFooter({
  exit: 'Exit codes: 0 shown, even if nothing is running; 1 Docker failed; 2 wrong usage.',
  examples: ['counter status', 'counter status --json'],
});
