// `counter topologies`: every way in which Docker connects a container, and the difference.

import { Command } from 'commander';
import { buildOne } from 'docker-compose';
import { optionsFor, orFail } from '../docker/compose/compose.ts';
import { dockerIn } from '../docker/docker.ts';
import { whyNoContainers } from '../docker/engine.ts';
import { CommandError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { requireProject } from '../project.ts';
import { colorsOf, print, printJson, type Terminal } from '../terminal.ts';
import { lookAtTopologies } from './look.ts';
import { topologiesReport } from './report.ts';

type Options = { readonly details?: boolean; readonly json?: true };

export const topologies = (terminal: Terminal): Command =>
  new Command('topologies')
    .description('Run a container in each kind of network, and show what it sees and reaches.')
    .option('--details', 'also show the interfaces, routes and hosts file of each container')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async ({ details = false, json }: Options) => {
      requireProject();
      const { env } = terminal;
      const why = await whyNoContainers(env);
      if (why !== undefined) throw new CommandError(`The topologies need Docker, but ${why}.`);
      await orFail(buildOne('web', optionsFor('networks', env, '--quiet')), 'docker compose build');
      const looked = await lookAtTopologies(dockerIn(env), env);
      if (json) printJson(terminal, looked);
      else print(terminal, topologiesReport(looked, details, colorsOf(terminal)));
    });

const HELP = helpFooter({
  notes: [
    'Kinds: none, bridge (the default), host, container:NAME, a user-defined network, and two networks,',
    'dev and prod, on which the same alias, "search", is a different container.',
    '',
    'It creates its own containers and networks, named counter-topologies-…, and removes them afterwards.',
    'Each container tries to reach the same Redis in three ways, and the name "search".',
  ],
  exit: 'Exit codes: 0 shown, 1 Docker failed, 2 wrong usage.',
  examples: ['counter topologies', 'counter topologies --details', 'counter topologies --json'],
});
