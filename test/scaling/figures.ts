// What is measured and simulated for docs/scaling.md, and with how much effort.
import type { RedisFigures } from './one-redis.ts';
import type { Blocks } from './simulation.ts';
import type { Measured, Size } from './tiers.ts';

/** `seconds` and `warmUp` for each measurement, `rounds` of what is compared, `hits` for Redis alone. */
export type Effort = {
  readonly seconds: number;
  readonly warmUp: number;
  readonly rounds: number;
  readonly hits: number;
};

/** Microseconds of processor time a request, and how many times as much it is with metrics: medians of all rounds. */
export type Cost = Readonly<
  Record<'proxy' | 'web', { readonly without: number; readonly with: number; readonly ratio: number }>
>;

/** Medians of all rounds; `ratio` and `rateRatio` are to what was measured without viewers in the same round. */
export type Viewers = {
  readonly viewers: number;
  readonly perSecond: number;
  readonly rateRatio: number;
  /** Processor time of proxy, replicas and Redis together for each request. */
  readonly microseconds: number;
  readonly ratio: number;
};

/** Everything that the document tells. */
export type Figures = {
  readonly tiers: readonly { readonly size: Size; readonly measured: Measured }[];
  readonly metrics: Cost;
  readonly viewers: readonly Viewers[];
  readonly redis: RedisFigures;
  /** What a node of Redis Cluster replies to the names of our keys as they are, and with a hash tag. */
  readonly cluster: { readonly plain: string; readonly tagged: string };
  readonly shards: readonly { readonly shards: number; readonly busiest: number }[];
  readonly blocks: readonly ({ readonly size: number } & Blocks)[];
  readonly proxies: readonly { readonly proxies: number; readonly busiest: number }[];
};
