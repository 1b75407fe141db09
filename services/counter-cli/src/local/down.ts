// Stops the cluster that `up local` runs in another terminal, and deletes its data when asked to.
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { CommandError } from '../errors.ts';
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

/** Deletes what an installed Redis stored; the embedded one stores nothing. */
export const deleteLocalData = (config: Config): void => rmSync(redisFolder(config), { recursive: true, force: true });
