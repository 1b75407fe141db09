// `counter up`: starts the whole cluster, in containers or as processes.
import { Argument, Command } from 'commander';
import { upContainers } from '../docker/compose/up.ts';
import { whyNoContainers } from '../docker/engine.ts';
import { upSwarm } from '../docker/swarm/up.ts';
import { CommandError, UsageError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { upLocal } from '../local/up.ts';
import { requireProject, VARIANTS, type Variant } from '../project.ts';
import { print, type Terminal } from '../terminal.ts';

export const up = (terminal: Terminal): Command =>
  new Command('up')
    .description('Start the whole cluster, show its logs, and stop it all on Ctrl-C.')
    .addArgument(
      new Argument('[variant]', 'how to run it; without it, networks where Docker answers, else local').choices(
        VARIANTS,
      ),
    )
    .option('-d, --detach', 'leave the containers running, and show no logs')
    .addHelpText('after', HELP)
    .action(async (asked: Variant | undefined, { detach = false }: { readonly detach?: boolean }) => {
      requireProject();
      const variant = await choose(terminal, asked);
      if (variant === 'swarm') return upSwarm(terminal);
      if (variant !== 'local') return upContainers(terminal, variant, detach);
      if (detach) throw new UsageError('Local processes stop with this command. Leave --detach out.');
      return upLocal(terminal);
    });

const choose = async (terminal: Terminal, asked: Variant | undefined): Promise<Variant> => {
  if (asked === 'local') return asked;
  const why = await whyNoContainers(terminal.env);
  if (why === undefined) return asked ?? 'networks';
  if (asked !== undefined) throw new CommandError(`Containers need Docker, but ${why}. "counter up local" needs none.`);
  print(terminal, `The cluster runs as processes of this machine, because ${why}.`);
  return 'local';
};

const HELP = helpFooter({
  notes: [
    'Variants:',
    '  networks  containers on user-defined networks (docker-compose.yml)',
    '  links     containers on the default bridge, with legacy links (docker-compose.links.yml)',
    '  local     processes of this machine: a proxy, three replicas, and a Redis, which is the one in',
    '            REDIS_URL, else redis-server or valkey-server, else an embedded one that keeps nothing',
    '  swarm     tasks on every machine of a Docker Swarm (docker-stack.yml); they go on without this command',
  ],
  exit: 'Exit codes: 0 stopped as asked, or detached; 1 it could not start; 2 wrong usage, or a port is taken.',
  examples: ['counter up', 'counter up links --detach', 'PROXY_PORT=8081 counter up local'],
});
