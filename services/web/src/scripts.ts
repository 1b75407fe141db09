// The scripts that a replica runs in Redis, each as one command of the connection.
import { readFileSync } from 'node:fs';
import type { Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /** services/web/src/hit.lua, which says what the arguments are */
    hit(
      ...args: [
        ...keys: [requests: string, counters: string, ip: string],
        ...once: Once,
        replica: string,
        ...hits: string[],
      ]
    ): Result<(CountedHit | string)[], Context>;

    /** services/web/src/record.lua */
    record(
      ...args: [
        key: Buffer,
        ...once: Once,
        ...record: [idempotencyKey: string, value: Buffer, mark: string, part: number],
      ]
    ): Result<1, Context>;

    /** services/web/src/counts.lua */
    counts(
      ...args: [numberOfKeys: number, ...keys: string[]]
    ): Result<[requests: string | null, replicas: string[], clients: string[]], Context>;
  }
}

/** What services/web/src/once.lua needs to know of a write; `since` in seconds of the clock of Redis. */
export type Once = readonly [since: string, seen: string];

/** What services/web/src/hit.lua returns for a hit that was counted. */
export type CountedHit = readonly [number: number, replicaHits: number, clientHits: number, repeat: 0 | 1];

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

const ONCE = read('once.lua');

export const SCRIPTS = {
  hit: { lua: ONCE + read('hit.lua'), numberOfKeys: 3 },
  record: { lua: ONCE + read('record.lua'), numberOfKeys: 1 },
  counts: { lua: read('counts.lua') },
} as const;
