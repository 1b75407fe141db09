// Plays through, with numbers instead of machines, what a cluster past one Redis would do. The same seed, the same result.
import { mulberry32 } from '../../services/counter-cli/src/audit/plan.ts';

/**
 * One second of hits, each of which goes to the shard that the hash of its idempotency key names.
 * @returns how much more than its share the busiest shard gets: 1 is exactly its share
 */
export const busiestShard = (shards: number, hits: number, seed = 1): number => {
  const random = mulberry32(seed);
  const load = new Uint32Array(shards);
  for (let i = 0; i < hits; i += 1) {
    const shard = Math.floor(random() * shards);
    load[shard] = (load[shard] as number) + 1;
  }
  return (Math.max(...load) * shards) / hits;
};

export type Blocks = {
  /** Blocks that were asked of the one place that gives them, for each hit. */
  readonly requested: number;
  /** How far a number is from the place of its hit in the order of time, at most. */
  readonly displaced: number;
  /** Numbers that are never given when every shard fails once, at the end. */
  readonly lost: number;
};

/** Shards that number their hits from blocks of `size` numbers, which they get from one place when theirs is used up. */
export const numberInBlocks = (shards: number, size: number, hits: number, seed = 1): Blocks => {
  const random = mulberry32(seed);
  const next = new Float64Array(shards);
  const left = new Uint32Array(shards);
  let blocks = 0;
  let displaced = 0;
  for (let hit = 0; hit < hits; hit += 1) {
    const shard = Math.floor(random() * shards);
    if (left[shard] === 0) {
      next[shard] = blocks * size;
      left[shard] = size;
      blocks += 1;
    }
    displaced = Math.max(displaced, Math.abs((next[shard] as number) - hit));
    next[shard] = (next[shard] as number) + 1;
    left[shard] = (left[shard] as number) - 1;
  }
  return { requested: blocks / hits, displaced, lost: left.reduce((sum, count) => sum + count, 0) };
};

/**
 * Proxies that each do a strict round robin, without knowing of each other; clients choose a proxy at random.
 * @returns how much more than its share the busiest replica got after so many hits
 */
export const busiestReplica = (proxies: number, replicas: number, hits: number, seed = 1): number => {
  const random = mulberry32(seed);
  const next = Uint32Array.from({ length: proxies }, () => Math.floor(random() * replicas));
  const load = new Uint32Array(replicas);
  for (let i = 0; i < hits; i += 1) {
    const proxy = Math.floor(random() * proxies);
    const replica = next[proxy] as number;
    load[replica] = (load[replica] as number) + 1;
    next[proxy] = (replica + 1) % replicas;
  }
  return (Math.max(...load) * replicas) / hits;
};
