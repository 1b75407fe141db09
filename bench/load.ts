// Loads a server with wrk, or with autocannon where wrk is not installed.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import type { Scenario } from './scenarios.ts';

export type Load = {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  /** Latency in milliseconds: half of all requests took no longer, 99 of 100, 999 of 1000. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
};

export type Target = {
  readonly url: string;
  /** Ports of loopback that are loaded in place of that of `url`, each by its own threads. */
  readonly ports?: readonly number[];
};

export const TOOL = spawnSync('wrk', ['--version']).error === undefined ? 'wrk' : 'autocannon';

/** Several ports are for wrk alone. */
export const load = (target: Target, scenario: Scenario, seconds: number): Promise<Load> =>
  TOOL === 'wrk' ? withWrk(target, scenario, seconds) : withAutocannon(target.url, scenario, seconds);

const SCRIPT = new URL('wrk.lua', import.meta.url).pathname;

const withWrk = async ({ url, ports = [] }: Target, scenario: Scenario, seconds: number) => {
  const { connections, bodies, newConnections, rate } = scenario;
  const env = {
    PATH: process.env['PATH'],
    ...(bodies && { BODY: `${bodies}` }),
    ...(newConnections && { CLOSE: 'yes' }),
    ...(rate && { PAUSE: `${(connections / rate) * 1000}` }),
    PORTS: ports.join(' '),
  };
  const threads = rate ? 3 : 1; // the same for one port and for three
  const args = ['-t', `${threads}`, '-c', `${connections}`, '-d', `${seconds}s`, '--timeout', '10s', '-s', SCRIPT, url];
  const { stdout } = await promisify(execFile)('wrk', args, { env });
  const { requests, microseconds, failed, p50, p99, p999 } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { requests, failed, seconds: microseconds / 1e6, p50: p50 / 1000, p99: p99 / 1000, p999: p999 / 1000 };
};

const withAutocannon = async (url: string, scenario: Scenario, seconds: number) => {
  const { connections, bodies, newConnections, rate } = scenario;
  const headers = newConnections ? { connection: 'close' } : {};
  const requests = bodies
    ? [
        { method: 'PUT' as const, path: '/redis/bench', body: 'x'.repeat(bodies) },
        { method: 'GET' as const, path: '/redis/get?key=bench' },
      ]
    : [{ method: 'GET' as const, path: '/' }];
  const { latency, ...result } = await autocannon({
    url,
    connections,
    duration: seconds,
    headers,
    requests,
    ...(rate && { overallRate: rate }),
  });
  return {
    requests: result.requests.total,
    failed: result.errors + result.timeouts + result.non2xx,
    seconds: result.duration,
    p50: latency.p50,
    p99: latency.p99,
    p999: latency.p99_9,
  };
};
