// The keys of the counter in Redis, what each holds, and how to get something else that is there out of the way.
import { kindOf, Unreachable } from './failure-kind.ts';

/** What students list with `redis-cli`; no record may take one. `seen:` stands for `seen:0` to `seen:3`. */
export const KEYS = { requests: 'requests', counters: 'counters', ip: 'ip', seen: 'seen:', channel: 'hits' } as const;

/** Sends one command to Redis and gives its reply: text, null, or a list of those. An error reply rejects it. */
export type Ask = (...words: string[]) => Promise<unknown>;

/** What a key of the counter holds is of no use to it; nothing was counted or stored. The message is the sentence to show. */
export class ForeignValue extends Unreachable {
  override readonly name = 'ForeignValue';
  constructor(key: string, holds: string, keeps: string) {
    const detail = `${holds}, and the counter keeps ${keeps} there. Rename it with redis-cli rename ${key} ${key}.old, or delete it with redis-cli del ${key}.`;
    super('wrong type', { detail });
  }
}

/** The first key of the counter that holds something of another type, or all hits if that is no number. */
export const findForeignKey = async (ask: Ask): Promise<ForeignValue | undefined> =>
  // Looked at twice, for a hit may come between two of the commands: the first one of all makes the key.
  (await lookAtKeys(ask)) && lookAtKeys(ask);

const lookAtKeys = async (ask: Ask): Promise<ForeignValue | undefined> => {
  // More characters than any number of hits has.
  const [hits, ...found] = await Promise.all([
    ask('GETRANGE', KEYS.requests, '0', '63').catch(unlessWrongType),
    ...TYPES.map(([key]) => ask('TYPE', key)),
  ]);
  const index = TYPES.findIndex(([, type], i) => found[i] !== type && found[i] !== 'none');
  const [key, type] = TYPES[index] ?? [];
  if (key !== undefined) return new ForeignValue(key, `The key ${key} holds a ${found[index]}`, `a ${type}`);
  return found[0] === 'none' ? undefined : foreignIn(() => hitsIn(KEYS.requests, String(hits)));
};

/** The first value of the counter that it cannot use, among the keys, the replicas and a thousand or so of the clients. */
export const findForeignValue = async (ask: Ask): Promise<ForeignValue | undefined> =>
  (await findForeignKey(ask)) ?? findForeignMember(ask);

/** Of the replicas and a thousand or so of the clients, the first that has no number; the keys were looked at before. */
export const findForeignMember = async (ask: Ask): Promise<ForeignValue | undefined> => {
  const [replicas, clients] = await Promise.all([
    ask('ZREVRANGE', KEYS.counters, '0', '999', 'WITHSCORES'),
    ask('HSCAN', KEYS.ip, '0', 'COUNT', '1000'),
  ]);
  return foreignIn(() => {
    numbersIn(KEYS.counters, flat(replicas));
    numbersIn(KEYS.ip, (clients as [cursor: string, found: string[]])[1]);
  });
};

/** As `totalsIn`, of what lies in Redis. @throws {ForeignValue} */
export const readTotals = async (ask: Ask) => {
  const foreign = await findForeignKey(ask);
  if (foreign !== undefined) throw foreign;
  const [requests, replicas] = await Promise.all([
    ask('GET', KEYS.requests),
    ask('ZREVRANGE', KEYS.counters, '0', '-1', 'WITHSCORES'),
  ]);
  return totalsIn(requests as string | null, flat(replicas));
};

/**
 * @param replicas names and hits, alternating, as Redis gives them
 * @returns all hits, and the hits that each replica served, by its name @throws {ForeignValue}
 */
export const totalsIn = (requests: string | null, replicas: readonly string[]) => ({
  requests: hitsIn(KEYS.requests, requests ?? '0'),
  replicas: numbersIn(KEYS.counters, replicas),
});

/** The hits of each member of `key`. @param named members and hits, alternating, as Redis gives them @throws {ForeignValue} */
export const numbersIn = (key: string, named: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    named.flatMap((name, i) => (i % 2 === 0 ? [[name, hitsIn(key, named[i + 1] ?? '', name)] as const] : [])),
  );

// A number of hits is one that can still be counted up.
const hitsIn = (key: string, text: string, member?: string): number => {
  const hits = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(hits) && hits < Number.MAX_SAFE_INTEGER) return hits;
  const where = member === undefined ? '' : `, at ${JSON.stringify(member.slice(0, 64))},`;
  throw new ForeignValue(key, `The key ${key}${where} holds ${JSON.stringify(text.slice(0, 40))}`, 'a number of hits');
};

// From RESP3 on members come in pairs with their scores.
const flat = (reply: unknown): string[] => (reply as unknown[]).flat().map(String);

const foreignIn = (read: () => unknown): ForeignValue | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ForeignValue) return error;
    throw error;
  }
};

const unlessWrongType = (error: unknown): undefined => {
  if (kindOf(error) !== 'wrong type') throw error;
};

const TYPES: readonly (readonly [key: string, type: string])[] = [
  [KEYS.requests, 'string'],
  [KEYS.counters, 'zset'],
  [KEYS.ip, 'hash'],
  ...[0, 1, 2, 3].map((window) => [`${KEYS.seen}${window}`, 'hash'] as const),
];
