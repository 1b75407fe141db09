// Records: any key and value of bytes that somebody stores next to the counter.
import { KEYS } from './counter.ts';
import { RequestError } from './errors.ts';
import type { RedisLink } from './redis.ts';

export const MAX_KEY_BYTES = 512;
export const MAX_VALUE_BYTES = 64 * 1024;

export type Records = ReturnType<typeof createRecords>;

export const createRecords = (redis: RedisLink) => ({
  /** @throws {RequestError} for a key or value out of bounds @throws {RedisUnavailable} */
  set: async (key: Buffer, value: Buffer): Promise<void> => {
    checkKey(key);
    if (value.length > MAX_VALUE_BYTES) throw tooLong();
    await redis.use((connection) => connection.set(key, value));
  },

  /** @returns null when there is no such record @throws {RequestError} @throws {RedisUnavailable} */
  get: async (key: Buffer): Promise<Buffer | null> => {
    checkKey(key);
    const reply = await redis.use((connection) => connection.getBuffer(key).catch(notAString));
    if (reply === 'wrong type') {
      throw new RequestError(409, `The key ${shown(key)} holds no string. Read it with redis-cli.`);
    }
    return reply;
  },
});

export const tooLong = (): RequestError =>
  new RequestError(413, `The value has more than ${MAX_VALUE_BYTES} bytes. Store a shorter one.`);

const checkKey = (key: Buffer): void => {
  if (key.length === 0) throw new RequestError(400, 'The key is empty. Name one, as in ?key=test.');
  if (key.length > MAX_KEY_BYTES) {
    throw new RequestError(
      400,
      `The key has ${key.length} bytes, and ${MAX_KEY_BYTES} are allowed. Choose a shorter one.`,
    );
  }
  if (isReserved(key.toString('latin1'))) {
    throw new RequestError(409, `The key ${shown(key)} belongs to the counter. Choose another, or read it at /counts.`);
  }
};

const isReserved = (key: string): boolean =>
  key === KEYS.requests ||
  key === KEYS.counters ||
  key === KEYS.ip ||
  key === KEYS.channel ||
  key.startsWith(KEYS.seen);

const shown = (key: Buffer): string => JSON.stringify(key.toString());

const notAString = (error: Error): 'wrong type' => {
  if (/^WRONGTYPE/.test(error.message)) return 'wrong type';
  throw error;
};
