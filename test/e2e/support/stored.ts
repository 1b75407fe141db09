// What lies in a cluster's Redis, as `redis-cli` tells it.
import type { Cluster } from './cluster.ts';

export type Stored = Readonly<Record<string, { readonly type: string; readonly value: readonly string[] }>>;

/** Every key with its type and value. The windows of idempotency keys change with time: `seen:N` stands for all. */
export const storedIn = async ({ redis }: Cluster): Promise<Stored> => {
  const stored: Record<string, { type: string; value: string[] }> = {};
  const keys = (await redis('--scan')).split('\n');
  for (const key of keys.sort()) {
    const type = await redis('type', key);
    const lines = (await redis(...(READ[type] ?? ['get']).map((word) => word.replace('KEY', key)))).split('\n');
    const name = key.startsWith('seen:') ? 'seen:N' : key;
    const before = stored[name]?.value ?? [];
    stored[name] = { type, value: type === 'hash' ? [...before, ...pairs(lines)].sort() : lines };
  }
  return stored;
};

const READ: Readonly<Record<string, readonly string[]>> = {
  string: ['get', 'KEY'],
  zset: ['zrange', 'KEY', '0', '-1', 'withscores'],
  hash: ['hgetall', 'KEY'],
};

const pairs = (lines: readonly string[]): string[] =>
  lines.flatMap((line, i) => (i % 2 === 0 ? [`${line} ${lines[i + 1]}`] : []));
