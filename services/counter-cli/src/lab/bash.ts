// Runs one command of a lesson as at a terminal, with both outputs in one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '@container-counter/service/environment';

export type Shell = {
  readonly cwd: string;
  readonly env: Environment;
  /** Ends the command that is running. */
  readonly stop: AbortSignal;
};

/** The exit code is null when the command was ended. */
export type Printed = { readonly code: number | null; readonly output: string };

/** @param seconds after which the command is ended */
export const bash = async (command: string, { cwd, env, stop }: Shell, seconds: number): Promise<Printed> => {
  const child = spawn('bash', ['-c', `exec 2>&1\n${command}`], {
    cwd,
    env: { ...env, ...NOT_IN_MAKE },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true, // its own group, so that its children end with it
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const end = () => {
    killGroup(child.pid);
    child.stdout.destroy(); // a program that has left the group may still hold it
  };
  const deadline = setTimeout(end, seconds * 1000);
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  try {
    await once(child, 'close');
  } finally {
    killGroup(child.pid); // what it left in the background
    clearTimeout(deadline);
    stop.removeEventListener('abort', end);
  }
  return { code: child.exitCode, output: Buffer.concat(chunks).toString() };
};

const killGroup = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
};

// Under `make labs`, a nested make would print each folder that it enters.
const NOT_IN_MAKE = { MAKELEVEL: undefined, MAKEFLAGS: undefined };
