// `counter up`: starts the whole cluster, in containers or as processes.
import { Argument, Command } from 'commander';
import { upContainers } from '../docker/compose/up.ts';
import { whyNoCluster } from '../docker/engine.ts';
import { upSwarm } from '../docker/swarm/up.ts';
import { CommandError, UsageError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { upLocal } from '../local/up.ts';
import { requireProject, VARIANTS, type Variant } from '../project.ts';
import { printFolded, type Terminal } from '../terminal.ts';

type Options = { readonly detach?: boolean; readonly watch?: boolean };

export const up = (terminal: Terminal): Command =>
  new Command('up')
    .description('Start the cluster, show its logs, and stop it on Ctrl-C.')
    .addArgument(
      new Argument('[variant]', 'how to run it (default: networks if Docker is running, else local)').choices(VARIANTS),
    )
    .option('-d, --detach', 'leave the containers running, without showing logs')
    .option('-w, --watch', 'reload the services when their sources change (networks, local)')
    .addHelpText('after', HELP)
    .action(async (requested: Variant | undefined, { detach = false, watch = false }: Options) => {
      requireProject();
      const variant = await choose(terminal, requested);
      if (watch && (detach || (variant !== 'networks' && variant !== 'local')))
        throw new UsageError('--watch goes with networks and local, without --detach.');
      if (variant === 'swarm') return upSwarm(terminal);
      if (variant !== 'local') return upContainers(terminal, variant, { detach, watch });
      if (detach) throw new UsageError('Local processes stop with this command, so --detach does not apply to them.');
      return upLocal(terminal, watch);
    });

const choose = async (terminal: Terminal, requested: Variant | undefined): Promise<Variant> => {
  if (requested === 'local') return requested;
  const why = await whyNoCluster(terminal.env);
  if (why === undefined) return requested ?? 'networks';
  if (requested !== undefined)
    throw new CommandError(`Containers need Docker, but ${why}. "counter up local" needs none.`);
  printFolded(terminal, `Running as local processes, because ${why}.`);
  return 'local';
};

const HELP = helpFooter({
  notes: [
    'On a terminal it tells what changes, and Enter shows or hides the log lines; elsewhere it prints all.',
    '',
    'Variants:',
    '  networks  containers on user-defined networks (docker-compose.yml)',
    '  links     containers on the default bridge, with legacy links (docker-compose.links.yml)',
    '  local     processes on this machine: a proxy, three replicas, and a Redis, which is the one in',
    '            REDIS_URL, else redis-server or valkey-server, else an embedded one without persistence',
    '  swarm     tasks on every machine of a Docker Swarm (docker-stack.yml); they keep running',
  ],
  exit: 'Exit codes: 0 stopped on request, or detached; 1 failed to start; 2 wrong usage, or a port is taken.',
  examples: ['counter up', 'counter up links --detach', 'PROXY_PORT=8081 counter up local', 'counter up --watch'],
});
