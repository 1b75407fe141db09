// Who writes which key: the counter itself (services/web/src/counter.ts), or a client that stores a record.
import { KEYS } from '@container-counter/network/counter-keys';

export const isCounterKey = (key: string): boolean => WRITERS.has(key) || SEEN.test(key);

/** The counter's own keys first, in the order of their importance. */
export const rank = (key: string): number => {
  const position = [...WRITERS.keys()].indexOf(key);
  if (position !== -1) return position;
  return isCounterKey(key) ? WRITERS.size : WRITERS.size + 1;
};

export const writerOf = (key: string): string => {
  if (SEEN.test(key)) return 'web: the Idempotency-Key of each recent hit, and its number';
  if (key.startsWith(KEYS.seen)) return 'another program: no record can have this name';
  return WRITERS.get(key) ?? 'a record: by PUT /redis/KEY or GET /redis/set';
};

const SEEN = /^seen:[0-3]$/;

const WRITERS: ReadonlyMap<string, string> = new Map([
  ['requests', 'web: one more for each hit'],
  ['counters', 'web: one more for the replica that served the hit'],
  ['ip', 'web: one more for the client that sent the hit'],
]);
