// The counter as it lies in Redis: counts hits, and reads the counts.
import type { ChainableCommander, Redis } from 'ioredis';
import type { RedisLink } from './redis.ts';

/** The names that students list with `redis-cli`; no record may take one. `seen:` stands for `seen:0` to `seen:3`. */
export const KEYS = { requests: 'requests', counters: 'counters', ip: 'ip', seen: 'seen:', channel: 'hits' } as const;

/** One counted hit. `repeat` tells that its idempotency key had been counted before, with the same number. */
export type Hit = {
  readonly number: number;
  readonly replicaHits: number;
  readonly clientHits: number;
  readonly repeat: boolean;
};

/** The request that makes a hit, as listeners are told of it: its id, and which try of the proxy it was. */
export type Asked = { readonly id: string; readonly attempt: number };

/** All hits, and the hits that each replica served, by its name. */
export type Totals = { readonly requests: number; readonly replicas: Readonly<Record<string, number>> };

/** With the hits of each client, by its address. */
export type Counts = Totals & {
  readonly clients: Readonly<Record<string, number>>;
};

export type Counter = ReturnType<typeof createCounter>;

export const createCounter = (redis: RedisLink, tally = { counted: 0, repeated: 0 }) => ({
  /** For the metrics: what this replica counted, and what it found counted already. */
  tally,

  /** Counts one hit of `client` on `replica`, once for each idempotency key. @throws {RedisUnavailable} */
  hit: async (replica: string, client: string, idempotencyKey: string, { id, attempt }: Asked): Promise<Hit> => {
    const [number, replicaHits, clientHits, repeat] = await redis.use((connection) =>
      connection.hit(
        ...[KEYS.requests, KEYS.counters, KEYS.ip, KEYS.seen],
        ...[replica, client, idempotencyKey, `${id} ${attempt}`],
      ),
    );
    tally[repeat === 1 ? 'repeated' : 'counted'] += 1;
    return { number, replicaHits, clientHits, repeat: repeat === 1 };
  },

  /** One consistent reading of all counts. @throws {RedisUnavailable} */
  counts: async (): Promise<Counts> => {
    const [requests, replicas, clients] = await redis.use((connection) => read(totalsIn(connection).hgetall(KEYS.ip)));
    return { ...totalsOf(requests, replicas), clients: numbers(clients) };
  },

  /** One consistent reading, without the clients, of which there may be many. @throws {RedisUnavailable} */
  totals: async (): Promise<Totals> => {
    const [requests, replicas] = await redis.use((connection) => read(totalsIn(connection)));
    return totalsOf(requests, replicas);
  },

  /** @throws {RedisUnavailable} when Redis does not answer a PING */
  ready: async (): Promise<void> => {
    await redis.use((connection) => connection.ping());
  },
});

const totalsIn = (connection: Redis): ChainableCommander =>
  connection.multi().get(KEYS.requests).zrevrange(KEYS.counters, 0, -1, 'WITHSCORES');

const totalsOf = (requests: string | null, replicas: readonly string[]): Totals => ({
  requests: Number(requests ?? 0),
  replicas: pairs(replicas),
});

const read = async (transaction: ChainableCommander) => {
  const replies = await transaction.exec().catch(causeOfAbort);
  return (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  }) as [requests: string | null, replicas: string[], clients: Record<string, string>];
};

// EXEC only says that there were errors before it, such as LOADING; ioredis keeps those.
const causeOfAbort = (error: Error & { previousErrors?: readonly Error[] }): never => {
  throw error.previousErrors?.[0] ?? error;
};

const pairs = (flat: readonly string[]): Record<string, number> =>
  Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, Number(flat[i + 1])]] : [])));

const numbers = (hash: Readonly<Record<string, string>>): Record<string, number> =>
  Object.fromEntries(Object.entries(hash).map(([name, value]) => [name, Number(value)]));
