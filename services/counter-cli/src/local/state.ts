// The file by which `status` and `down` find a cluster that `up local` started.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ROOT } from '../project.ts';

export type State = {
  /** The process of `up local`. */
  readonly pid: number;
  /** When that process started, as `startOf` tells it. */
  readonly started?: string | undefined;
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
    return isUpLocal(state) ? state : undefined;
  } catch {
    return undefined;
  }
};

// Process ids are reused.
const isUpLocal = ({ pid, started }: State): boolean => {
  if (!isAlive(pid)) return false;
  const now = started && startOf(pid);
  return now === undefined || now === started; // nobody tells: believe the id
};

/** When a process started, to be compared; undefined where nobody tells. */
export const startOf = (pid: number): string | undefined => {
  try {
    // The name of the program comes before, in parentheses, and may contain spaces.
    const [, fields = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return fields.startsWith('Z') ? 'ended' : fields.split(' ')[19];
  } catch {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }; // two terminals may have others
    const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8', env });
    return status === 0 ? stdout.trim() : undefined;
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
