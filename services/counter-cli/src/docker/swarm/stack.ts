// The stack on a swarm: its name, and whether one can be deployed from here.
import type { Docker } from '../docker.ts';

/** The name of the stack; Docker puts it before the names of its services and of its volume. */
export const STACK = 'container-counter';

/** The objects of a `--format '{{json .}}'`, one a line. */
export const jsonLines = <T>(out: string): T[] =>
  out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);

/** @returns why no stack can be deployed from here, in a sentence without its full stop; undefined when one can */
export const whyNoSwarm = async (docker: Docker): Promise<string | undefined> => {
  const state = await docker('info', '--format', '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}');
  if (state === 'active true') return undefined;
  return state === 'active false'
    ? 'this machine is a worker of its swarm; ask one of its managers'
    : 'this machine is in no swarm; make one with "docker swarm init"';
};
