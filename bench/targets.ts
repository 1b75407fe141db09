// The project's targets for its own speed, and whether the last run met them.
import type { Measurement } from './measure.ts';
import type { Speed } from './results.ts';
import type { Rounds } from './rounds.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';

export type Target = { readonly target: string; readonly measured: string; readonly met: boolean };

const OURS = 'container-counter';

/** Those whose participants were all measured. */
export const targetsOf = ({ scenarios, kept }: Speed): Target[] => {
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
  const targets = [
    { target: 'requests/s: at least 4 × classic', measured: times(classic), met: classic.median >= 4 },
    { target: 'requests/s: at least 1 × nginx keep-alive', measured: times(nginx), met: nginx.median >= 1 },
    { target: 'requests/s: at least 1.5 × http-proxy', measured: times(httpProxy), met: httpProxy.median >= 1.5 },
    {
      target: 'CPU of a replica per request: at most 1.5 × bare node:http',
      measured: times(replica),
      met: replica.median <= 1.5,
    },
    { target: 'p99 at 64 connections: at most 1 × nginx keep-alive', measured: times(tail), met: tail.median <= 1 },
    {
      target: 'latency that the proxy adds to p99 at half the peak: under 1 ms',
      measured: `${times(hop)} ms`,
      met: hop.median < 1,
    },
    {
      target: 'memory of the proxy per open connection: under 60 KB',
      measured: `${times(connection)} KB`,
      met: connection.median < 60,
    },
  ];
  return targets.filter(({ measured }) => !measured.includes('NaN'));
};

/** `1.23 (1.10 to 1.31)`: the median of the rounds, and their spread. */
export const times = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
