// The results as Markdown tables.
import { times } from './bars.ts';
import type { Measurement } from './measure.ts';
import type { Results } from './results.ts';
import type { Rounds } from './rounds.ts';
import { ratioOf, spreadOf } from './statistics.ts';

const OURS = 'container-counter';

/** One row for each contestant of a scenario: medians over the rounds. */
export const scenarioTable = (rounds: Rounds): string[] => {
  const ours = rounds[OURS];
  return table(
    [
      '',
      'requests a second',
      'container-counter, times this',
      'p50, ms',
      'p99, ms',
      'p99.9, ms',
      'CPU µs a request: proxy',
      'replicas',
      'Redis',
      'memory, MiB: proxy',
      'replicas',
      'failed',
    ],
    Object.entries(rounds).map(([name, all]) => {
      const median = (of: (one: Measurement) => number, digits = 1) => spreadOf(all.map(of)).median.toFixed(digits);
      return [
        name,
        median(({ rate }) => rate, 0),
        ours && name !== OURS
          ? times(
              ratioOf(
                ours.map(({ rate }) => rate),
                all.map(({ rate }) => rate),
              ),
            )
          : '',
        median(({ p50 }) => p50, 2),
        median(({ p99 }) => p99, 2),
        median(({ p999 }) => p999, 2),
        median(({ cpu }) => cpu.proxy),
        median(({ cpu }) => cpu.replicas),
        median(({ cpu }) => cpu.redis),
        median(({ memory }) => memory.proxy / MIB, 0),
        median(({ memory }) => memory.replicas / MIB, 0),
        String(all.reduce((sum, { failed }) => sum + failed, 0)),
      ];
    }),
  );
};

/** One row for each proxy. */
export const keptTable = (kept: Results['speed']['kept']): string[] =>
  table(
    ['', 'KB a connection'],
    Object.entries(kept).map(([name, bytes]) => [name, times(spreadOf(bytes.map((value) => value / 1000)))]),
  );

export const containersTable = ({ idle, loaded, imageSizes }: Results['containers']): string[] =>
  table(
    ['container', 'memory idle, MiB', 'after 10 s of load, MiB', 'image'],
    Object.keys(idle).map((name) => [
      name,
      String(idle[name]),
      String(loaded[name] ?? ''),
      imageSizes[name] ?? 'not ours',
    ]),
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

export const soakTable = ({ samples }: Results['soak']): string[] => {
  const shown = samples.filter(
    (_, i) => i === 0 || (i + 1) % Math.ceil(samples.length / 8) === 0 || i === samples.length - 1,
  );
  return table(
    ['after, s', 'requests', 'failed', 'memory of the proxy, MiB', 'of the replicas, MiB', 'open files of the proxy'],
    shown.map((sample) =>
      [
        sample.seconds,
        sample.requests,
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
