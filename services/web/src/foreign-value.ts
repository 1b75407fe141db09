// Finds what somebody else stored under a key of the counter, and says how to get it out of the way.
import type { Redis } from 'ioredis';
import { KEYS } from './keys.ts';

/** Thrown when the counter cannot use what a key of its own holds; nothing was counted or stored. */
export class ForeignValue extends Error {
  override readonly name = 'ForeignValue';
}

/** The first key of the counter that holds something of another type. */
export const findForeignType = async (redis: Redis): Promise<ForeignValue | undefined> => {
  const found = await Promise.all(TYPES.map(([key]) => redis.type(key)));
  const index = TYPES.findIndex(([, type], i) => found[i] !== type && found[i] !== 'none');
  const [key, type] = TYPES[index] ?? [];
  if (key === undefined) return undefined;
  return new ForeignValue(
    `The key ${key} holds a ${found[index]}, and the counter keeps a ${type} there. ${outOfTheWay(key)}`,
  );
};

/** The first value of the counter that it cannot use; reads them all. */
export const findForeignValue = async (redis: Redis): Promise<ForeignValue | undefined> => {
  const foreign = await findForeignType(redis);
  if (foreign !== undefined) return foreign;
  try {
    hitsIn(KEYS.requests, await redis.get(KEYS.requests));
    for (const [name, hits] of pairsOf(await redis.zrevrange(KEYS.counters, 0, -1, 'WITHSCORES'))) {
      hitsIn(KEYS.counters, hits, name);
    }
    for (const [client, hits] of Object.entries(await redis.hgetall(KEYS.ip))) hitsIn(KEYS.ip, hits, client);
  } catch (error) {
    if (error instanceof ForeignValue) return error;
    throw error;
  }
  return undefined;
};

/**
 * The hits that `key` holds, for `member` of it where there are several.
 * @throws {ForeignValue} when that is not a number that can still be counted up
 */
export const hitsIn = (key: string, text: string | null, member?: string): number => {
  const hits = Number(text ?? 0);
  if (/^-?\d+$/.test(text ?? '0') && Number.isSafeInteger(hits) && hits < Number.MAX_SAFE_INTEGER) return hits;
  const shown = JSON.stringify(text?.slice(0, 40));
  const where = member === undefined ? `The key ${key}` : `The key ${key}, at ${JSON.stringify(member.slice(0, 64))},`;
  throw new ForeignValue(`${where} holds ${shown}, and the counter keeps a number of hits there. ${outOfTheWay(key)}`);
};

/** Redis replies with names and numbers in turn. */
export const pairsOf = (flat: readonly string[]): [name: string, value: string][] =>
  flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []));

const TYPES: readonly (readonly [key: string, type: string])[] = [
  [KEYS.requests, 'string'],
  [KEYS.counters, 'zset'],
  [KEYS.ip, 'hash'],
  ...[0, 1, 2, 3].map((window) => [`${KEYS.seen}${window}`, 'hash'] as const),
];

const outOfTheWay = (key: string): string =>
  `Rename it with redis-cli rename ${key} ${key}.old, or delete it with redis-cli del ${key}.`;
