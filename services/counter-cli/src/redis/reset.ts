// Deletes the counter's own keys, and records only when asked to.
import type { Redis } from 'ioredis';
import { CommandError } from '../errors.ts';
import { naturally, textOf } from '../text.ts';
import { foreignValueIn } from './connect.ts';
import { scanKeys } from './entries.ts';
import { isCounterKey } from './key-writers.ts';

export type Deleted = {
  /** The counter's own keys that were there. */
  readonly own: readonly string[];
  readonly records: number;
  readonly recordsKept: number;
};

/** @throws {CommandError} when a key holds what is not the counter's, and so not its to delete */
export const resetCounter = async (redis: Redis, withRecords: boolean): Promise<Deleted> => {
  const foreign = await foreignValueIn(redis);
  if (foreign !== undefined) throw new CommandError(`${foreign.message} Nothing was deleted.`);
  const keys = await scanKeys(redis);
  const own = keys.filter((key) => isCounterKey(textOf(key)));
  const records = keys.filter((key) => !own.includes(key));
  // One command, so that the counter is deleted atomically.
  if (own.length > 0) await redis.unlink(...own);
  let deleted = 0;
  for (let i = 0; withRecords && i < records.length; i += BATCH) {
    deleted += await redis.unlink(...records.slice(i, i + BATCH));
  }
  return {
    own: own.map(textOf).toSorted(naturally),
    records: deleted,
    recordsKept: withRecords ? 0 : records.length,
  };
};

const BATCH = 1000;
