// Measures a cluster of processes under full load: requests a second, and the processor time of each tier.

import { freePort } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';
import { type Program, start } from '@container-counter/testing/process';
import { cpuTime } from '@container-counter/testing/processes';
import { startRedis } from '@container-counter/testing/redis';
import { Pool } from 'undici';

export type Size = { readonly proxies: number; readonly replicas: number };

export type Measured = {
  readonly perSecond: number;
  /** Microseconds of processor time for each request, by tier; `load` is what sends them. */
  readonly microseconds: Readonly<Record<Tier, number>>;
};

const TIERS = ['load', 'proxy', 'web', 'redis'] as const;
export type Tier = (typeof TIERS)[number];

/** A cluster that is up and warm. */
export type Tiers = {
  /** Of the proxies. */
  readonly urls: readonly string[];
  /** Takes as many requests through it as it carries. */
  readonly measure: (seconds: number) => Promise<Measured>;
};

/** Starts a cluster of this size, and loads it until the compilers of V8 have seen the path of a hit. */
export const startTiers = async (
  t: Cleanup,
  { proxies, replicas }: Size,
  warmUp: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Tiers> => {
  const redis = await startRedis(t, { args: ['--appendonly', 'yes'] });
  const webs = await Promise.all(
    Array.from({ length: replicas }, (_, i) =>
      startQuietly(t, 'web', '/readyz', { ...env, REDIS_URL: redis.url, INSTANCE: `web${i + 1}`, DRAIN_MS: '0' }),
    ),
  );
  const UPSTREAMS = webs.map(({ url }) => new URL(url).host).join();
  const fronts = await Promise.all(
    Array.from({ length: proxies }, () => startQuietly(t, 'proxy', '/-/readyz', { ...env, UPSTREAMS })),
  );
  const pools = fronts.map(({ url }) => new Pool(url, { connections: CONNECTIONS / proxies }));
  t.after(() => Promise.all(pools.map((pool) => pool.destroy())));
  const pids = {
    load: [process.pid],
    proxy: fronts.map(({ child }) => child.pid as number),
    web: webs.map(({ child }) => child.pid as number),
    redis: [redis.program.child.pid as number],
  };
  const used = (tier: Tier) => cpuTime(pids[tier]);
  await send(pools, warmUp);
  return {
    urls: fronts.map(({ url }) => url),
    measure: async (seconds) => {
      const before = TIERS.map(used);
      const begin = performance.now();
      const requests = await send(pools, seconds);
      const elapsed = (performance.now() - begin) / 1000;
      const each = TIERS.map((tier, i) => [tier, (used(tier) - (before[i] as number)) / requests]);
      return { perSecond: requests / elapsed, microseconds: Object.fromEntries(each) };
    },
  };
};

// Without a log line for each request, which here would be read by the process that sends them.
const startQuietly = async (
  t: Cleanup,
  name: 'web' | 'proxy',
  ready: string,
  env: Readonly<Record<string, string>>,
): Promise<Program & { readonly url: string }> => {
  const main = new URL(`../../services/${name}/src/main.ts`, import.meta.url).pathname;
  const port = await freePort();
  const own = { PORT: `${port}`, BIND_ADDRESS: '127.0.0.1', LOG_LEVEL: 'warn' };
  const program = start(t, process.execPath, [main], { ...env, ...own });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if ((await fetch(`${url}${ready}`)).status !== 200) throw new Error(`${url} is not ready`);
  });
  return { ...program, url };
};

/** As many requests as are served in this time, on every connection one after the other. @returns how many */
const send = async (pools: readonly Pool[], seconds: number): Promise<number> => {
  const end = performance.now() + seconds * 1000;
  let served = 0;
  const client = async (_: unknown, i: number): Promise<void> => {
    const pool = pools[i % pools.length] as Pool;
    while (performance.now() < end) {
      const { statusCode, body } = await pool.request({ path: '/', method: 'GET' });
      await body.dump();
      if (statusCode !== 200) throw new Error(`GET / responded with ${statusCode}`);
      served += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return served;
};

const CONNECTIONS = 64;
