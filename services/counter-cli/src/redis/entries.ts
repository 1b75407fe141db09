// Reads the data in Redis: each key with its type, value and time to live.
import type { Redis } from 'ioredis';
import { naturally, textOf } from '../text.ts';
import { rank, writerOf } from './key-writers.ts';

/** What `keys --json` prints for each key. Bytes that are not UTF-8 are written as `\xNN`. */
export type Entry = {
  readonly key: string;
  readonly type: string;
  /** A string's text, or the members of a hash or sorted set with their values; null for other types. */
  readonly value: string | Readonly<Record<string, string>> | null;
  /** The bytes of a string, the members of anything else; of a large one `value` has the first thousand or so. */
  readonly size: number | null;
  /** Seconds until it expires, null if it does not. */
  readonly ttl: number | null;
  readonly writtenBy: string;
};

/** The counter's own keys first, then the records by name. */
export const readEntries = async (redis: Redis): Promise<Entry[]> => {
  const keys = await scanKeys(redis);
  const entries: (Entry | undefined)[] = [];
  for (const key of keys) entries.push(await readEntry(redis, key));
  return entries.filter((entry) => entry !== undefined).toSorted(byImportance);
};

// A key may expire or be deleted before it is read.
const readEntry = async (redis: Redis, key: Buffer): Promise<Entry | undefined> => {
  const [type, ttlMs] = await Promise.all([redis.type(key), redis.pttl(key)]);
  if (type === 'none') return undefined;
  const name = textOf(key);
  const [value, size] = await Promise.all([readValue(redis, key, type), readSize(redis, key, type)]);
  return { key: name, type, value, size, ttl: ttlMs < 0 ? null : Math.ceil(ttlMs / 1000), writtenBy: writerOf(name) };
};

const readValue = async (redis: Redis, key: Buffer, type: string): Promise<Entry['value']> => {
  if (type === 'string') return textOf((await redis.getBuffer(key)) ?? Buffer.alloc(0));
  if (type === 'hash') return members((await redis.hscanBuffer(key, '0', 'COUNT', 1000))[1]);
  if (type === 'zset') return members((await redis.zrevrangeBuffer(key, 0, 999, 'WITHSCORES')) as Buffer[]);
  return null;
};

const readSize = async (redis: Redis, key: Buffer, type: string): Promise<number | null> => {
  const command = SIZE_COMMANDS.get(type);
  return command === undefined ? null : redis[command](key);
};

const SIZE_COMMANDS: ReadonlyMap<string, 'strlen' | 'hlen' | 'zcard' | 'llen' | 'scard' | 'xlen'> = new Map([
  ['string', 'strlen'],
  ['hash', 'hlen'],
  ['zset', 'zcard'],
  ['list', 'llen'],
  ['set', 'scard'],
  ['stream', 'xlen'],
]);

const members = (flat: readonly Buffer[]): Record<string, string> =>
  Object.fromEntries(
    flat.flatMap((name, i) => (i % 2 === 0 ? [[textOf(name), textOf(flat[i + 1] ?? Buffer.alloc(0))]] : [])),
  );

const byImportance = (a: Entry, b: Entry): number => rank(a.key) - rank(b.key) || naturally(a.key, b.key);

/** Every key once, as bytes: SCAN may name one twice, and a key need not be text. */
export const scanKeys = async (redis: Redis): Promise<Buffer[]> => {
  const found = new Map<string, Buffer>();
  let cursor = '0';
  do {
    const [next, keys]: [Buffer, Buffer[]] = await redis.scanBuffer(cursor, 'COUNT', 1000);
    for (const key of keys) found.set(key.toString('latin1'), key);
    cursor = `${next}`;
  } while (cursor !== '0');
  return [...found.values()];
};
