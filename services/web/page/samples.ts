// Turns totals into rates over the last minute: hits per second, and mean response time.
import type { UpstreamReport } from '@container-counter/api/messages';

export type Sample = { readonly at: number; readonly rate: number | null; readonly latency: number | null };

type Reading = { readonly at: number; readonly requests: number | null; readonly served: number; readonly ms: number };

const KEPT_MS = 62_000;
const OVER_MS = 900; // a shorter interval makes the rate too noisy

/** Times are in milliseconds; a rate or latency that is not known is null. */
export const createSamples = () => {
  let totals: Reading[] = [];
  let samples: Sample[] = [];

  return (at: number, requests: number | null, upstreams: readonly UpstreamReport[]): readonly Sample[] => {
    const sum = (pick: (upstream: UpstreamReport) => number) =>
      upstreams.reduce((all, upstream) => all + pick(upstream), 0);
    const now = { at, requests, served: sum(({ served }) => served), ms: sum(({ servedMs }) => servedMs) };
    const before = totals.findLast((old) => at - old.at >= OVER_MS);
    totals = [...totals, now].slice(-8);
    if (before !== undefined) samples = [...samples, between(before, now)];
    samples = samples.filter((sample) => at - sample.at < KEPT_MS);
    return samples;
  };
};

// A total shrinks when the counter is reset or a replica is removed: there is no rate for that interval.
const between = (before: Reading, now: Reading): Sample => {
  const hits = now.requests === null || before.requests === null ? -1 : now.requests - before.requests;
  const [served, ms] = [now.served - before.served, now.ms - before.ms];
  return {
    at: now.at,
    rate: hits < 0 ? null : (hits * 1000) / (now.at - before.at),
    latency: served <= 0 || ms < 0 ? null : ms / served,
  };
};
