// The counter: counts hits in Redis, and reads the counts.
import type { Counts, Totals } from '@container-counter/api/messages';
import { KEYS, numbersIn, totalsIn } from '@container-counter/network/counter-keys';
import { checkReady } from '@container-counter/network/redis-readiness';
import { createHitBatch } from './hit-batch.ts';
import type { RedisClient } from './redis.ts';
import { askOf } from './redis-connection.ts';

/** One counted hit. `repeat` means that its idempotency key was already counted, with the same number. */
export type Hit = {
  readonly number: number;
  readonly replicaHits: number;
  readonly clientHits: number;
  readonly repeat: boolean;
};

/** The request of a hit, as published to listeners: its id, and the attempt of the proxy. */
export type HitRequest = { readonly id: string; readonly attempt: number };

export type Counter = ReturnType<typeof createCounter>;

export const createCounter = (redis: RedisClient, replica: string, tally = { counted: 0, repeated: 0 }) => {
  const countInBatch = createHitBatch(redis, replica);
  return {
    /** For the metrics: hits counted, and repeats. */
    tally,

    /**
     * Counts one hit of `client`, once for each idempotency key.
     * @param arrived since when it may have been waiting (services/web/src/arrivals.ts)
     * @throws {RedisUnavailable} @throws {ForeignValue} @throws {TooLate}
     */
    hit: async (client: string, idempotencyKey: string, arrived: number, { id, attempt }: HitRequest): Promise<Hit> => {
      const [number, replicaHits, clientHits, repeat] = await countInBatch(arrived, [
        idempotencyKey,
        client,
        `${id} ${attempt}`,
      ]);
      tally[repeat === 1 ? 'repeated' : 'counted'] += 1;
      return { number, replicaHits, clientHits, repeat: repeat === 1 };
    },

    /** A consistent snapshot of all counts. @throws {RedisUnavailable} */
    counts: async (): Promise<Counts> => {
      const [requests, replicas, clients] = await redis.use((connection) =>
        connection.counts(3, KEYS.requests, KEYS.counters, KEYS.ip),
      );
      return { ...totalsIn(requests, replicas), clients: numbersIn(KEYS.ip, clients) };
    },

    /** A consistent snapshot, without the clients, of which there may be many. @throws {RedisUnavailable} */
    totals: async (): Promise<Totals> => {
      const [requests, replicas] = await redis.use((connection) => connection.counts(2, KEYS.requests, KEYS.counters));
      return totalsIn(requests, replicas);
    },

    /** Whether a hit could be counted now; it changes nothing. @throws {RedisUnavailable} @throws {ForeignValue} */
    ready: (): Promise<void> => redis.use((connection) => checkReady(askOf(connection))),
  };
};
