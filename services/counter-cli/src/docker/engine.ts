// Finds out whether containers can be run here.
import { execFile } from 'node:child_process';
import type { Environment } from '@container-counter/service/environment';

const TIMEOUT_MS = 5000;

/** @returns why containers cannot be run here, in a sentence without its full stop; undefined when they can */
export const whyNoContainers = async (env: Environment): Promise<string | undefined> => {
  const [engine, compose] = await Promise.all([
    answers(env, 'version', '--format', '{{.Server.Version}}'),
    answers(env, 'compose', 'version'),
  ]);
  if (!engine) return 'no Docker Engine answers here';
  return compose ? undefined : 'docker has no "compose" command';
};

const answers = (env: Environment, ...args: string[]): Promise<boolean> =>
  new Promise((resolve) => {
    execFile('docker', args, { env: { ...env }, timeout: TIMEOUT_MS }, (error) => resolve(error === null));
  });
