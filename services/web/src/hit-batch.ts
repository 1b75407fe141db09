// Counts the hits that arrive in one turn of the event loop with one call of the script.
import { KEYS } from '@container-counter/network/counter-keys';
import { ReplyError } from 'ioredis';
import type { RedisClient } from './redis.ts';
import type { CountedHit } from './scripts.ts';

/** What services/web/src/hit.lua needs to know of a hit. */
type HitArguments = readonly [idempotencyKey: string, client: string, told: string];

/** @throws {RedisUnavailable} @throws {ForeignValue} @throws {TooLate} */
type CountInBatch = (arrived: number, hit: HitArguments) => Promise<CountedHit>;

type Pending = {
  readonly hit: HitArguments;
  readonly resolve: (counted: CountedHit) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * One call, one reply and one message for all: under load, a hit costs Redis a third less than on its own. Each hit still
 * has its own key, number and error.
 */
export const createHitBatch = (redis: RedisClient, replica: string): CountInBatch => {
  let batch: Pending[] = [];
  let since = 0; // of the first hit, which is not later than any other of this turn

  const flush = async (hits: readonly Pending[], arrived: number): Promise<void> => {
    try {
      const replies = await redis.write(arrived, (connection, time) =>
        connection.hit(
          ...[KEYS.requests, KEYS.counters, KEYS.ip],
          ...[time, KEYS.seen],
          replica,
          ...hits.flatMap(({ hit }) => hit),
        ),
      );
      const refusals = new Map<string, Promise<Error>>(); // looked into once, for all hits with the same error
      for (const [i, { resolve, reject }] of hits.entries()) {
        const reply = replies[i] ?? 'ERR the script did not reply';
        if (typeof reply !== 'string') {
          resolve(reply);
          continue;
        }
        const refusal = refusals.get(reply) ?? redis.refusal(new ReplyError(reply));
        refusals.set(reply, refusal);
        void refusal.then(reject, reject); // to explain one takes files, for which there may be no descriptor
      }
    } catch (error) {
      for (const { reject } of hits) reject(error);
    }
  };

  return (arrived, hit) =>
    new Promise((resolve, reject) => {
      if (batch.length === 0) {
        since = arrived;
        setImmediate(() => {
          if (batch.length > 0) void flush(batch, since);
          batch = [];
        });
      }
      batch.push({ hit, resolve, reject });
      if (batch.length < MAX_HITS) return;
      void flush(batch, since);
      batch = [];
    });
};

// Redis runs nothing else meanwhile: this is about a millisecond.
const MAX_HITS = 100;
