// The project's targets for its own speed, and whether the last run met them.
import type { Measurement } from './measure.ts';
import type { Speed } from './results.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';

export type Target = { readonly target: string; readonly measured: string; readonly met: boolean };

type Bound = { readonly atLeast: number } | { readonly atMost: number };

const OURS = 'container-counter';
export const NGINX = 'nginx keep-alive';

/** Those whose participants were all measured. */
export const targetsOf = ({ scenarios, kept }: Speed): Target[] => {
  const values = (scenario: string, contestant: string, of: (one: Measurement) => number): number[] =>
    scenarios.find((one) => one.scenario.name === scenario)?.rounds[contestant]?.map(of) ?? [];
  const compare = (scenario: string, rival: string, of: (one: Measurement) => number, ours = OURS): Spread =>
    ratioOf(values(scenario, ours, of), values(scenario, rival, of));
  const rate = (scenario: string, rival: string): Spread => compare(scenario, rival, (one) => one.rate);
  const hop = (contestant: string): number[] => {
    const without = values('half the peak', 'no proxy', (one) => one.p99);
    return values('half the peak', contestant, (one) => one.p99).map((p99, i) => p99 - (without[i] ?? Number.NaN));
  };
  const target = (name: string, bound: Bound, measured: Spread, unit = '×'): Target => ({
    target: `${name}: ${'atLeast' in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`} ${unit}`,
    measured: times(measured),
    met: 'atLeast' in bound ? measured.median >= bound.atLeast : measured.median <= bound.atMost,
  });
  const many = '64 connections';
  const targets = [
    target('requests/s ÷ nginx keep-alive', { atLeast: 1.2 }, rate(many, NGINX)),
    target('requests/s ÷ HAProxy', { atLeast: 1.2 }, rate(many, 'HAProxy')),
    target('requests/s ÷ Caddy', { atLeast: 2 }, rate(many, 'Caddy')),
    target('requests/s ÷ http-proxy', { atLeast: 2 }, rate(many, 'http-proxy')),
    target('requests/s ÷ classic', { atLeast: 2 }, rate(many, 'classic')),
    target(
      'processor time of the proxy ÷ nginx',
      { atMost: 1 },
      compare(many, NGINX, ({ cpu }) => cpu.proxy),
    ),
    target(
      'p99 ÷ nginx keep-alive',
      { atMost: 1 },
      compare(many, NGINX, ({ p99 }) => p99),
    ),
    target('1 connection, requests/s ÷ nginx keep-alive', { atLeast: 0.95 }, rate('1 connection', NGINX)),
    target('1 000 connections, ÷ nginx keep-alive', { atLeast: 1.5 }, rate('1 000 connections', NGINX)),
    target('new connections, ÷ nginx keep-alive', { atLeast: 0.9 }, rate('new connections', NGINX)),
    target('half the peak: what the hop adds to p99 ÷ nginx', { atMost: 1.5 }, ratioOf(hop(OURS), hop(NGINX))),
    target('a slow replica, requests/s ÷ nginx keep-alive', { atLeast: 1 }, rate('a slow replica', NGINX)),
    target('64 KiB bodies, ÷ http-proxy', { atLeast: 1 }, rate('64 KiB bodies', 'http-proxy')),
    target('64 KiB bodies, ÷ nginx keep-alive', { atLeast: 0.8 }, rate('64 KiB bodies', NGINX)),
    target(
      'processor time of a replica ÷ bare node:http',
      { atMost: 1.3 },
      compare(many, 'bare node:http', ({ cpu }) => cpu.replicas, 'one replica'),
    ),
    target(
      'memory of the proxy per open connection',
      { atMost: 12 },
      spreadOf((kept[OURS] ?? [Number.NaN]).map((bytes) => bytes / 1000)),
      'KB',
    ),
  ];
  return targets.filter(({ measured }) => !measured.includes('NaN'));
};

/** `1.23 (1.10 to 1.31)`: the median of the rounds, and their spread. */
export const times = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
