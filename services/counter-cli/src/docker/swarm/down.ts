// Removes the stack, and waits until its containers and networks are removed.
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../errors.ts';
import type { Terminal } from '../../terminal.ts';
import { type Docker, dockerIn } from '../docker.ts';
import { requireEngine } from '../engine.ts';
import { STACK, whyNoSwarm } from './stack.ts';

/** @param volumes delete what Redis stored on this machine, too @throws {CommandError} when Docker does */
export const downSwarm = async ({ env }: Terminal, volumes: boolean): Promise<void> => {
  const docker = dockerIn(env);
  await requireEngine(docker, 'The stack');
  const why = await whyNoSwarm(docker);
  if (why !== undefined) throw new CommandError(`The stack cannot be stopped: ${why}.`);
  const end = Date.now() + GONE_WITHIN_MS;
  await removeStack(docker, end);
  const label = ['--filter', `label=com.docker.stack.namespace=${STACK}`, '--quiet'];
  // `stack rm` returns at once, and the next `up` would find networks that are about to go.
  const isGone = async () =>
    (await docker('ps', '--all', ...label)) === '' && (await docker('network', 'ls', ...label)) === '';
  while (!(await isGone())) {
    if (Date.now() > end)
      throw new CommandError(`The stack was not removed within ${GONE_WITHIN_MS / 1000} s. See "docker ps".`);
    await sleep(ASK_EVERY_MS);
  }
  if (volumes) await docker('volume', 'rm', '--force', `${STACK}_redis-data`);
};

// A network is not removed while a task that ends is still on it; then the services are gone, and what is left is removed
// the next time.
const removeStack = async (docker: Docker, end: number): Promise<void> => {
  for (;;) {
    try {
      await docker('stack', 'rm', STACK);
      return;
    } catch (error) {
      if (!/is in use by/.test(String(error)) || Date.now() > end) throw error;
      await sleep(ASK_EVERY_MS);
    }
  }
};

const GONE_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 300;
