// Runs `docker` for the swarm: what it prints, or its last words as the failure of the command.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Environment } from '@container-counter/service/environment';
import { Failed } from '../../errors.ts';

/** The name of the stack; Docker puts it before the names of its services and of its volume. */
export const STACK = 'container-counter';

export type Docker = (args: readonly string[], input?: string) => Promise<string>;

/** @returns a function that resolves with what `docker` printed, without the last newline @throws {Failed} */
export const dockerIn =
  (env: Environment): Docker =>
  async (args, input = '') => {
    const child = spawn('docker', args, { env: { ...env } });
    child.stdin.on('error', () => {}); // it may end without having read all
    child.stdin.end(input);
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('error', () => resolve('no such program')).once('close', resolve)),
    ]);
    if (code === 0) return out.trimEnd();
    throw new Failed(`docker ${args.slice(0, 2).join(' ')} failed: ${err.trim().split('\n').at(-1) || code}`);
  };

/** The objects of a `--format '{{json .}}'`, one a line. */
export const jsonLines = <T>(out: string): T[] =>
  out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);

/** @returns why no stack can be deployed from here, in a sentence without its full stop; undefined when one can */
export const whyNoSwarm = async (docker: Docker): Promise<string | undefined> => {
  const state = await docker(['info', '--format', '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}']);
  if (state === 'active true') return undefined;
  return state === 'active false'
    ? 'this machine is a worker of its swarm; ask one of its managers'
    : 'this machine is in no swarm; make one with "docker swarm init"';
};
