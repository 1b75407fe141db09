// What the project asks of its own speed, and whether the last run met it.
import type { Measurement } from './measure.ts';
import type { Speed } from './results.ts';
import type { Rounds } from './rounds.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';

export type Bar = { readonly asked: string; readonly found: string; readonly met: boolean };

const OURS = 'container-counter';

export const barsOf = ({ scenarios, kept }: Speed): Bar[] => {
  const roundsOf = (name: string): Rounds => scenarios.find(({ scenario }) => scenario.name === name)?.rounds ?? {};
  const values = (scenario: string, contestant: string, of: (one: Measurement) => number): number[] =>
    (roundsOf(scenario)[contestant] ?? []).map(of);
  const rate = (name: string) => values('64 connections', name, (one) => one.rate);
  const p99 = (name: string, scenario = '64 connections') => values(scenario, name, (one) => one.p99);
  const cpu = (name: string) => values('64 connections', name, (one) => one.cpu.replicas);
  const without = p99('no proxy', 'half the peak');
  const hop = spreadOf(p99(OURS, 'half the peak').map((value, round) => value - (without[round] ?? Number.NaN)));
  const classic = ratioOf(rate(OURS), rate('classic'));
  const nginx = ratioOf(rate(OURS), rate('nginx keep-alive'));
  const httpProxy = ratioOf(rate(OURS), rate('http-proxy'));
  const replica = ratioOf(cpu('one replica'), cpu('bare node:http'));
  const connection = spreadOf((kept[OURS] ?? [Number.NaN]).map((bytes) => bytes / 1000));
  const tail = ratioOf(p99(OURS), p99('nginx keep-alive'));
  return [
    {
      asked: 'requests a second, of the classic cluster: at least 4 times',
      found: times(classic),
      met: classic.median >= 4,
    },
    {
      asked: 'requests a second, of the same replicas behind nginx keep-alive: at least once',
      found: times(nginx),
      met: nginx.median >= 1,
    },
    {
      asked: 'requests a second, of bare http-proxy: at least 1.5 times',
      found: times(httpProxy),
      met: httpProxy.median >= 1.5,
    },
    {
      asked: 'CPU of a replica for a request, of bare node:http: at most 1.5 times',
      found: times(replica),
      met: replica.median <= 1.5,
    },
    { asked: 'p99 at 64 connections, of nginx keep-alive: at most once', found: times(tail), met: tail.median <= 1 },
    { asked: 'what the hop adds at p99, at half the peak: under 1 ms', found: `${times(hop)} ms`, met: hop.median < 1 },
    {
      asked: 'memory of the proxy for a kept connection: under 60 KB',
      found: `${times(connection)} KB`,
      met: connection.median < 60,
    },
  ];
};

/** `1.23 (1.10 to 1.31)`: the median of the rounds, and their spread. */
export const times = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
