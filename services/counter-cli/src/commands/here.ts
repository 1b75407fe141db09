// `counter here`: shows what a container sees of its networks.
import { inspectNetwork } from '@container-counter/network/why/network-view';
import { networkViewText } from '@container-counter/network/why/network-view-text';
import { Command } from 'commander';
import { dockerIn } from '../compose/docker.ts';
import { after } from '../help.ts';
import { askHere } from '../inside/ask.ts';
import { findContainer } from '../inside/find-container.ts';
import { print, printJson, type Terminal } from '../terminal.ts';

type Options = { readonly from?: string; readonly json?: true };

export const here = (terminal: Terminal): Command =>
  new Command('here')
    .description('Show what a container sees: interfaces, routes, hosts file, resolver, links.')
    .option('--from <container>', 'the container that it looks from; without it, here')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async ({ from, json }: Options) => {
      const seen = from === undefined ? await inspectNetwork(terminal.env) : await look(terminal, from);
      if (json) printJson(terminal, seen);
      else print(terminal, networkViewText(seen));
    });

const look = async ({ env }: Terminal, from: string) => {
  const docker = dockerIn(env);
  return askHere(docker, env, await findContainer(docker, from), []);
};

const HELP = after({
  notes: ['The images of web and proxy have it too: docker compose exec web counter here'],
  exit: 'Exit codes: 0 shown, 1 Docker failed, 2 wrong usage.',
  examples: ['counter here --from web2', 'counter here --from redis --json'],
});
