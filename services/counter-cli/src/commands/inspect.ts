// `counter inspect`: shows what a container sees of its networks.
import { inspectNetwork } from '@container-counter/why/network-view';
import { networkViewText } from '@container-counter/why/network-view-text';
import { Command } from 'commander';
import { dockerIn } from '../docker/docker.ts';
import { requireEngine } from '../docker/engine.ts';
import { inspectFrom } from '../docker/exec/ask.ts';
import { findContainer } from '../docker/exec/find-container.ts';
import { helpFooter } from '../help.ts';
import { printFolded, printJson, type Terminal } from '../terminal.ts';

type Options = { readonly from?: string; readonly json?: true };

export const inspect = (terminal: Terminal): Command =>
  new Command('inspect')
    .alias('here')
    .description("Show a container's networking: interfaces, routes, hosts file, resolver, links.")
    .option('--from <container>', 'container to inspect (default: this one)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async ({ from, json }: Options) => {
      const view = from === undefined ? await inspectNetwork(terminal.env) : await look(terminal, from);
      if (json) printJson(terminal, view);
      else printFolded(terminal, networkViewText(view));
    });

const look = async ({ env }: Terminal, from: string) => {
  const docker = dockerIn(env);
  await requireEngine(docker, '--from');
  return inspectFrom(docker, env, await findContainer(docker, from), []);
};

const HELP = helpFooter({
  notes: ['The images of web and proxy include it: docker compose exec web counter inspect'],
  exit: 'Exit codes: 0 shown, 1 Docker failed, 2 wrong usage.',
  examples: ['counter inspect --from web2', 'counter inspect --from redis --json'],
});
