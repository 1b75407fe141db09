// Stops the cluster that `up local` runs in another terminal, and deletes its data when asked to.
import { rmSync } from 'node:fs';
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
  process.kill(state.pid, 'SIGTERM');
  const deadline = Date.now() + DEADLINE_MS;
  while (isAlive(state.pid)) {
    if (Date.now() > deadline)
      throw new CommandError(`Process ${state.pid} does not stop. Kill it with kill -9 ${state.pid}.`);
    await sleep(LOOK_EVERY_MS);
  }
  return true;
};

/** Deletes what an installed Redis stored; the embedded one stores nothing. */
export const deleteLocalData = (config: Config): void => rmSync(redisFolder(config), { recursive: true, force: true });
