// `counter why`: traces how a container reaches a name, or why it does not.

import type { Environment } from '@container-counter/service/environment';
import { InvalidDestination, parseDestination } from '@container-counter/why/destination';
import { widthOf } from '@container-counter/why/fold';
import { diagnose, type Why } from '@container-counter/why/why';
import { whyText } from '@container-counter/why/why-text';
import { Command } from 'commander';
import { dockerIn } from '../docker/docker.ts';
import { requireEngine, whyNoContainers } from '../docker/engine.ts';
import { askWhy } from '../docker/exec/ask.ts';
import { findContainer } from '../docker/exec/find-container.ts';
import { adviseFromOutside } from '../docker/exec/who-has.ts';
import { inspectAll } from '../docker/inspect.ts';
import { deadPortsOf } from '../docker/listeners.ts';
import { BadResult, UsageError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { print, printJson, type Terminal } from '../terminal.ts';

type Options = { readonly from?: string; readonly json?: true };

export const why = (terminal: Terminal): Command =>
  new Command('why')
    .description('Trace how a container reaches a name, show where that fails, and suggest a fix.')
    .argument('<host>', 'HOST, HOST:PORT or redis://HOST:PORT')
    .option('--from <container>', 'container to start from (default: this one)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (host: string, { from, json }: Options) => {
      const found = from === undefined ? await fromHere(host, terminal.env) : await explain(terminal.env, from, host);
      if (json) printJson(terminal, found);
      else {
        const text = whyText(found, widthOf(terminal.stdout));
        print(terminal, found.reachable ? text : `${text}\n\nNot reachable.`);
      }
      if (!found.reachable) throw new BadResult();
    });

const fromHere = async (host: string, env: Environment): Promise<Why> => {
  try {
    return await withDeadPorts(env, await diagnose(parseDestination(host, env), env));
  } catch (error) {
    throw error instanceof InvalidDestination ? new UsageError(error.message, { cause: error }) : error;
  }
};

// Docker accepts connections on a published port, even if nothing listens inside.
const withDeadPorts = async (env: Environment, why: Why): Promise<Why> => {
  const isHere =
    LOOPBACK_OF_HOST.has(why.view.connection) && why.attempts.some(({ address }) => /^(127\.|::1$)/.test(address));
  if (!isHere || (await whyNoContainers(env)) !== undefined) return why;
  const docker = dockerIn(env);
  const [failure] = await deadPortsOf(docker, await inspectAll(docker), why.port);
  return failure === undefined ? why : { ...why, reachable: false, failure, warnings: [] };
};

const LOOPBACK_OF_HOST: ReadonlySet<string> = new Set(['machine', 'host']);

const explain = async (env: Environment, from: string, host: string): Promise<Why> => {
  const docker = dockerIn(env);
  await requireEngine(docker, '--from');
  const id = await findContainer(docker, from);
  return adviseFromOutside(docker, id, await askWhy(docker, env, id, host));
};

const HELP = helpFooter({
  notes: [
    'The images of web and proxy include it: docker compose exec web counter why db',
    'The port defaults to the one in REDIS_URL or UPSTREAMS, else to 6379 for redis and db, 3000 for web,',
    '8080 for proxy. A Redis must also respond to PING. --from takes the name of a container or of a',
    'Compose service; for a container without the command, such as Redis, a helper container joins its',
    'network. With --from it also finds out who has a name that the container cannot resolve.',
  ],
  exit: 'Exit codes: 0 reachable, 1 not reachable or Docker failed, 2 wrong usage.',
  examples: [
    'counter why --from web1 redis',
    'counter why --from proxy db:6379 --json',
    'docker compose exec proxy counter why db',
  ],
});
