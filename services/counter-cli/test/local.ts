// Starts `counter up local` for a test: on free ports, with a data folder of its own.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import type { Program } from '@container-counter/testing/process';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import type { State } from '../src/local/state.ts';
import { startCounter } from './cluster.ts';

export type Local = {
  readonly up: Program;
  readonly env: Readonly<Record<string, string>>;
  readonly state: () => Promise<State>;
};

export const localEnvironment = async (t: Cleanup): Promise<Record<string, string>> => {
  const data = await temporaryFolder(t, 'local');
  const [web, , , proxy, redis] = await freePorts(5); // the replicas count on from the first
  return {
    PROXY_PORT: `${proxy}`,
    LOCAL_REDIS_PORT: `${redis}`,
    WEB_PORT: `${web}`,
    LOCAL_DATA: data,
    LOG_LEVEL: 'info',
  };
};

/** Resolves when the counter is up. */
export const startLocal = async (t: Cleanup, more: Readonly<Record<string, string>> = {}): Promise<Local> => {
  const env = { ...(await localEnvironment(t)), ...more };
  const up = startCounter(t, ['up', 'local'], env);
  const state = async () => JSON.parse(await readFile(join(env['LOCAL_DATA'] ?? '', 'local.json'), 'utf8')) as State;
  await up.line(/^The counter is up: /);
  return { up, env, state };
};

export const isGone = async (port: string | undefined): Promise<boolean> => {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' });
    return false;
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  }
};

/** Whether a process is no more; one that only waits to be collected by its parent has ended. */
export const hasEnded = (pid: number | null): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' });
  return stdout.trim() === '' || stdout.startsWith('Z');
};

/** Waits for a condition that nothing announces; the test's own time limit ends the wait. */
export const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(20);
};
