// The results as Markdown tables.
import type { Measurement } from './measure.ts';
import type { Results, Speed } from './results.ts';
import type { Rounds } from './rounds.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { times } from './targets.ts';

const OURS = 'container-counter';

/** One row for each contestant of a scenario: medians over the rounds. */
export const scenarioTable = (rounds: Rounds): string[] =>
  table(
    ['', 'requests/s', `${OURS} ÷ this`, 'p99, ms', 'CPU of the proxy, µs per request'],
    Object.entries(rounds).map(([name, all]) => [
      name,
      median(all, ({ rate }) => rate, 0),
      name === OURS ? '' : compared(rounds, name),
      median(all, ({ p99 }) => p99, 2),
      all.some(({ cpu }) => cpu.proxy > 0) ? median(all, ({ cpu }) => cpu.proxy, 1) : '',
    ]),
  );

/** What it costs that each hit is counted once, which of the proxies ours alone sees to. */
export const keysSentence = (rounds: Rounds, rival: string): string => {
  const redis = (name: string) => median(rounds[name] ?? [], ({ cpu }) => cpu.redis, 1);
  return `Only ${OURS} gives each hit an idempotency key, without which a retry may count it twice. Redis looks for each key and
remembers it: ${redis(OURS)} µs of its processor time per hit, and ${redis(rival)} µs behind ${rival}.`;
};

/** One row for each scenario, with our rate and how it compares with each of `rivals`. */
export const ratesTable = (scenarios: Speed['scenarios'], rivals: readonly string[]): string[] =>
  table(
    ['', 'requests/s', ...rivals.map((name) => `÷ ${name}`)],
    scenarios.map(({ scenario, rounds }) => [
      `${scenario.name} (${scenario.about})`,
      median(rounds[OURS] ?? [], ({ rate }) => rate, 0),
      ...rivals.map((name) => compared(rounds, name)),
    ]),
  );

/** One row for each contestant of a scenario in which all have the same rate. */
export const latencyTable = (rounds: Rounds): string[] =>
  table(
    ['', 'requests/s', 'p50, ms', 'p99, ms', 'p99.9, ms'],
    Object.entries(rounds).map(([name, all]) => [
      name,
      median(all, ({ rate }) => rate, 0),
      ...[median(all, ({ p50 }) => p50, 2), median(all, ({ p99 }) => p99, 2), median(all, ({ p999 }) => p999, 2)],
    ]),
  );

/** Our rate as a multiple of that of `name`, or the empty string when one of them was not measured. */
const compared = (rounds: Rounds, name: string): string => {
  const ratio = ratioOf(ratesOf(rounds, OURS), ratesOf(rounds, name));
  return Number.isNaN(ratio.median) ? '' : times(ratio);
};

const ratesOf = (rounds: Rounds, name: string): number[] => (rounds[name] ?? []).map(({ rate }) => rate);

const median = (all: readonly Measurement[], of: (one: Measurement) => number, digits: number): string =>
  spreadOf(all.map(of)).median.toFixed(digits);

/** One row for each proxy. */
export const keptTable = (kept: Speed['kept']): string[] =>
  table(
    ['', 'KB per connection'],
    Object.entries(kept).map(([name, bytes]) => [name, times(spreadOf(bytes.map((value) => value / 1000)))]),
  );

export const containersTable = ({ idle, loaded, imageSizes }: Results['containers']): string[] =>
  table(
    ['container', 'memory idle, MiB', 'after 10 s of load, MiB', 'size of the image'],
    Object.keys(idle).map((name) => [name, String(idle[name]), String(loaded[name] ?? ''), imageSizes[name] ?? '']),
  );

export const profileTable = ({ proxy, replica }: Results['profile']): string[] => {
  const share = (value = 0) => `${(value * 100).toFixed(1)} %`;
  const spenders = [...new Set([...Object.keys(proxy), ...Object.keys(replica)])];
  const shown = spenders.filter((spender) => Math.max(proxy[spender] ?? 0, replica[spender] ?? 0) >= 0.01);
  return table(
    ['', 'proxy', 'replica'],
    shown.map((spender) => [spender, share(proxy[spender]), share(replica[spender])]),
  );
};

export const pageTable = (samples: Results['page']['samples']): string[] =>
  table(
    ['hits/s', 'main thread, % of a core', 'of it styles and layouts', 'layouts/s'],
    samples.map(({ rate, main, layout, layoutsPerSecond }) => [
      rate.toFixed(0),
      (main * 100).toFixed(1),
      (layout * 100).toFixed(1),
      layoutsPerSecond.toFixed(0),
    ]),
  );

export const soakTable = ({ samples }: Results['soak']): string[] => {
  const shown = samples.filter(
    (_, i) => i === 0 || (i + 1) % Math.ceil(samples.length / 8) === 0 || i === samples.length - 1,
  );
  return table(
    ['after, s', 'failed requests', 'proxy, MiB', 'replicas, MiB', 'open files of the proxy'],
    shown.map((sample) =>
      [
        sample.seconds,
        sample.failed,
        Math.round(sample.proxyMemory / MIB),
        Math.round(sample.replicasMemory / MIB),
        sample.proxyFiles,
      ].map(String),
    ),
  );
};

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

const MIB = 2 ** 20;
