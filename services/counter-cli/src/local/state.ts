// The file by which `status` and `down` find a cluster that `up local` started.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ROOT } from '../project.ts';

export type State = {
  /** The process of `up local`. */
  readonly pid: number;
  readonly url: string;
  /** Without a password. */
  readonly redis: string;
  readonly processes: readonly { readonly name: string; readonly pid: number | null; readonly address: string }[];
};

export const dataFolder = (config: Config): string => config.dataFolder ?? join(ROOT, '.data');

export const redisFolder = (config: Config): string => join(dataFolder(config), 'redis');

const file = (config: Config): string => join(dataFolder(config), 'local.json');

export const writeState = (config: Config, state: State): void => {
  mkdirSync(dataFolder(config), { recursive: true });
  // Renamed into place: who reads it meanwhile finds all of it.
  writeFileSync(`${file(config)}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file(config)}.new`, file(config));
};

export const removeState = (config: Config): void => rmSync(file(config), { force: true });

/** @returns undefined when no cluster runs; a file that a killed `up local` left behind does not count */
export const readState = (config: Config): State | undefined => {
  try {
    const state = JSON.parse(readFileSync(file(config), 'utf8')) as State;
    return isUpLocal(state.pid) ? state : undefined;
  } catch {
    return undefined;
  }
};

// Process ids are reused.
const isUpLocal = (pid: number): boolean => {
  if (!isAlive(pid)) return false;
  const args = argsOf(pid);
  return args === undefined || (/counter/.test(args) && /\bup\b/.test(args)); // nobody tells: believe the id
};

const argsOf = (pid: number): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    const { status, stdout } = spawnSync('ps', ['-o', 'args=', '-p', `${pid}`], { encoding: 'utf8' });
    return status === 0 ? stdout : undefined;
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
