// What the cluster costs in Docker: time to its first response, memory of each container, sizes of the images.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';
import { load } from './load.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

export type Containers = {
  /** From `docker compose up --detach`, images built, to the first 200. */
  readonly secondsToFirstResponse: readonly number[];
  /** In MiB, by the name of the service; of its first container, before any load and after one. */
  readonly idle: Readonly<Record<string, number>>;
  readonly loaded: Readonly<Record<string, number>>;
  /** In MB, as `docker image ls` shows. */
  readonly imageSizes: Readonly<Record<string, string>>;
  /** Requests a second that `counter hit` and wrk each get from this cluster, with 64 connections. */
  readonly counterHit: number;
  readonly wrk: number;
};

const ROOT = new URL('..', import.meta.url).pathname;
const TIMES = 3;

export const measureContainers = async (t: Cleanup, say: (line: string) => void): Promise<Containers> => {
  const port = await freePort();
  const env = { ...process.env, COMPOSE_PROJECT_NAME: 'container-counter-bench', PROXY_PORT: `${port}` };
  const run = async (command: string, ...args: string[]): Promise<string> =>
    (await promisify(execFile)(command, args, { cwd: ROOT, env, maxBuffer: 2 ** 26 })).stdout;
  const compose = (...args: string[]) => run('docker', 'compose', ...args);
  t.after(() => compose('down', '--volumes'));
  await compose('build');

  const url = `http://127.0.0.1:${port}`;
  const secondsToFirstResponse: number[] = [];
  for (let i = 0; i < TIMES; i += 1) {
    await compose('down', '--volumes');
    const start = performance.now();
    await compose('up', '--detach');
    await eventually(async () => (await fetch(url)).ok || Promise.reject(new Error('not yet')), { timeout: 60_000 });
    secondsToFirstResponse.push((performance.now() - start) / 1000);
    say(`first response after ${secondsToFirstResponse.at(-1)} s`);
  }

  const memory = async (): Promise<Record<string, number>> => {
    const ids = (await compose('ps', '--quiet')).trim().split('\n');
    const lines = await run('docker', 'stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...ids);
    const all = [...lines.matchAll(/^\S+-bench-(\w+)-1 ([\d.]+)MiB/gm)];
    return Object.fromEntries(all.map(([, service, mib]) => [service, Number(mib)]));
  };
  const idle = await memory();
  const scenario = SCENARIOS[0] as Scenario;
  const { requests, seconds } = await load({ url }, scenario, 10);
  const loaded = await memory();
  const hits = JSON.parse(await run('counter', 'hit', '--url', url, '-n', '20000', '-c', '64', '--json'));
  const images = await run('docker', 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.Size}}');
  return {
    secondsToFirstResponse,
    idle,
    loaded,
    imageSizes: Object.fromEntries(
      [...images.matchAll(/^container-counter\/(\w+):latest (\S+)$/gm)].map(([, name, size]) => [name, size]),
    ) as Record<string, string>,
    counterHit: hits.perSecond,
    wrk: requests / seconds,
  };
};
