// Records: arbitrary keys and values, stored next to the counter.

import { createHash } from 'node:crypto';
import { KEYS } from '@container-counter/network/counter-keys';
import { RequestError } from './errors.ts';
import { type RedisClient, RedisUnavailable } from './redis.ts';

const MAX_KEY_BYTES = 512;
export const MAX_VALUE_BYTES = 64 * 1024;

export type Records = ReturnType<typeof createRecords>;

export const createRecords = (redis: RedisClient) => ({
  /**
   * Stores `value`, once for each idempotency key.
   * @param arrived since when it may have been waiting (services/web/src/arrivals.ts)
   * @throws {RequestError} for a key or value that cannot be stored @throws {RedisUnavailable} @throws {TooLate}
   */
  set: async (key: Buffer, value: Buffer, idempotencyKey: string, arrived: number): Promise<void> => {
    checkKey(key);
    if (value.length > MAX_VALUE_BYTES) throw tooLong();
    // The space distinguishes it from the key of a hit, which has none.
    const known = idempotencyKey === '' ? '' : `record ${idempotencyKey}`;
    await redis
      .write(arrived, (connection, since) =>
        connection.record(key, since, KEYS.seen, known, value, markOf(key, value), FOR_RECORDS),
      )
      .catch(refused);
  },

  /** @returns null when there is no such record @throws {RequestError} @throws {RedisUnavailable} */
  get: async (key: Buffer): Promise<Buffer | null> => {
    checkKey(key);
    const reply = await redis.use((connection) => connection.getBuffer(key).catch(notAString));
    if (reply === 'wrong type') {
      throw new RequestError(409, `The key ${shown(key)} is not a string. Read it with redis-cli.`);
    }
    return reply;
  },
});

export const tooLong = (): RequestError =>
  new RequestError(413, `The value is larger than ${MAX_VALUE_BYTES} bytes. Store a shorter one.`);

// Detects the reuse of an idempotency key for another record.
const markOf = (key: Buffer, value: Buffer): string =>
  createHash('sha256').update(`${key.length} `).update(key).update(value).digest('base64url').slice(0, 16);

// The share of maxmemory that records may fill; the rest is reserved for counting.
const FOR_RECORDS = 0.75;

const refused = (error: Error): never => {
  if (!(error instanceof RedisUnavailable)) throw error;
  const reply = error.cause instanceof Error ? error.cause.message : '';
  if (reply.startsWith('REUSED')) {
    throw new RequestError(
      422,
      'This Idempotency-Key was already used for another record. Send a new one with each record.',
    );
  }
  const [, used, limit] = /^FULL (\d+) (\d+)/.exec(reply) ?? [];
  if (used !== undefined) {
    const share = `${mebibytes(used)} of ${mebibytes(limit)} MiB are in use`;
    throw new RequestError(507, `Redis is full: ${share}, and the rest is kept for counting. ${MAKE_ROOM}`);
  }
  if (error.failure.kind === 'out of memory') throw new RequestError(507, error.failure.sentence);
  throw error;
};

const mebibytes = (bytes = ''): number => Math.round(Number(bytes) / 2 ** 20);

const MAKE_ROOM = 'Delete records with redis-cli del, or raise maxmemory.';

const checkKey = (key: Buffer): void => {
  if (key.length === 0) throw new RequestError(400, 'The key is empty. Set one, as in ?key=test.');
  if (key.length > MAX_KEY_BYTES) {
    throw new RequestError(
      400,
      `The key has ${key.length} bytes; at most ${MAX_KEY_BYTES} are allowed. Choose a shorter one.`,
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
