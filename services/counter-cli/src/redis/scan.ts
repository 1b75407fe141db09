// Lists keys with SCAN, which does not block Redis as KEYS does.
import type { Redis } from 'ioredis';

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
