// Stops the cluster that `up local` runs in another terminal, and deletes its data when asked to.
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { CommandError } from '../errors.ts';
import { withRedis } from '../redis/connect.ts';
import { isAlive, readState, redisFolder, removeState } from './state.ts';

const DEADLINE_MS = 35_000; // three rounds of children, each killed after 10 s
const LOOK_EVERY_MS = 50;

/** @returns whether it was up @throws {CommandError} when it does not stop */
export const downLocal = async (config: Config): Promise<boolean> => {
  const state = readState(config);
  if (state === undefined) {
    removeState(config);
    return false;
  }
  end(state.pid);
  const deadline = Date.now() + DEADLINE_MS;
  while (isAlive(state.pid)) {
    if (Date.now() > deadline)
      throw new CommandError(`Process ${state.pid} does not stop. Kill it with kill -9 ${state.pid}.`);
    await sleep(LOOK_EVERY_MS);
  }
  return true;
};

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGCONT'); // it may be suspended, by Ctrl-Z or for reading from a terminal that is not its own
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EPERM')
      throw new CommandError(`Process ${pid} belongs to another user. Stop it as that user.`, { cause });
    if (code !== 'ESRCH') throw cause; // it has just ended
  }
};

export const hasLocalData = (config: Config): boolean => existsSync(redisFolder(config));

/** Deletes what an installed Redis stored; the embedded one stores nothing. @throws {CommandError} while a Redis uses it */
export const deleteLocalData = async (config: Config): Promise<void> => {
  const folder = redisFolder(config);
  if (await isUsed(config, folder)) {
    throw new CommandError(
      `The Redis at 127.0.0.1:${config.redisPort} still keeps its data in ${folder}. Stop it first: Ctrl-C, where "counter up local" runs.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
};

// As of a cluster that could not note that it runs.
const isUsed = async (config: Config, folder: string): Promise<boolean> => {
  const redisUrl = new URL(`redis://127.0.0.1:${config.redisPort}`);
  const local = { ...config, redisUrl, redisPasswordFile: undefined };
  try {
    const [, used = ''] = (await withRedis(local, 'down', (redis) => redis.config('GET', 'dir'))) as string[];
    return realpathSync(used) === realpathSync(folder);
  } catch {
    return false; // nobody is there, or somebody else
  }
};
