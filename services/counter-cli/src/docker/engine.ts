// Detects whether Docker and Compose are available.
import type { Environment } from '@container-counter/service/environment';
import { CommandError } from '../errors.ts';
import { type Docker, dockerIn } from './docker.ts';

const TIMEOUT_MS = 5000;

/** @returns why containers cannot be run here, in a sentence without its full stop; undefined when they can */
export const whyNoContainers = async (env: Environment): Promise<string | undefined> => {
  const docker = dockerIn(env, { timeoutMs: TIMEOUT_MS });
  const [engine, compose] = await Promise.all([
    answers(docker, 'version', '--format', '{{.Server.Version}}'),
    answers(docker, 'compose', 'version'),
  ]);
  if (!engine) return 'no Docker Engine is running';
  return compose ? undefined : 'Docker has no "compose" command';
};

/** @param what needs Docker @throws {CommandError} when no engine answers */
export const requireEngine = async (docker: Docker, what: string): Promise<void> => {
  if (await answers(docker, 'version', '--format', '{{.Server.Version}}')) return;
  throw new CommandError(`${what} needs Docker, but no Docker Engine is running.`);
};

const answers = (docker: Docker, ...args: string[]): Promise<boolean> =>
  docker(...args).then(
    () => true,
    () => false,
  );
