// Turns growing totals into rates: hits a second, and milliseconds a response, over the last minute.
import type { UpstreamReport } from '@container-counter/api/messages';

export type Sample = { readonly at: number; readonly rate: number | null; readonly latency: number | null };

type Reading = { readonly at: number; readonly requests: number | null; readonly served: number; readonly ms: number };

const KEPT_MS = 62_000;
const OVER_MS = 900; // shorter than that, and a rate is a matter of chance

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

// A total that shrinks was set back, or a replica has left: there is no rate for that moment.
const between = (before: Reading, now: Reading): Sample => {
  const hits = now.requests === null || before.requests === null ? -1 : now.requests - before.requests;
  const [served, ms] = [now.served - before.served, now.ms - before.ms];
  return {
    at: now.at,
    rate: hits < 0 ? null : (hits * 1000) / (now.at - before.at),
    latency: served <= 0 || ms < 0 ? null : ms / served,
  };
};
