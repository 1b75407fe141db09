// The result of a run in one paragraph.
import { CONTESTANTS } from './contestants/all.ts';
import type { Speed } from './results.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { targetsOf } from './targets.ts';

/** Compares the first scenario with all the proxies that were measured in it. */
export const verdictOf = (speed: Speed): string => {
  const [first] = speed.scenarios;
  if (first === undefined) return '';
  const { scenario, rounds } = first;
  const [ours, ...others] = CONTESTANTS.filter(({ name, proxy }) => proxy !== undefined && rounds[name] !== undefined);
  if (ours === undefined) return '';
  const rates = (name: string): number[] => (rounds[name] ?? []).map(({ rate }) => rate);
  const ratios = others.map(({ name }) => `${ratioOf(rates(ours.name), rates(name)).median.toFixed(2)} × ${name}`);
  const rate = Math.round(spreadOf(rates(ours.name)).median);
  const p99 = spreadOf((rounds[ours.name] ?? []).map((one) => one.p99)).median.toFixed(1);
  const targets = targetsOf(speed);
  const all = speed.scenarios.flatMap((one) => Object.values(one.rounds)).flat();
  const failed = all.reduce((sum, one) => sum + one.failed, 0);
  return [
    `**With ${scenario.name}, ${ours.name} serves ${rate} requests per second, with a p99 of ${p99} ms.**`,
    ...(ratios.length === 0 ? [] : [`That is ${ratios.join(', ')} (all described below).`]),
    `It meets ${targets.filter(({ met }) => met).length} of its ${targets.length} targets.`,
    failed === 0 ? 'No request failed in any scenario.' : `${failed} requests failed, over all scenarios.`,
  ].join('\n');
};
