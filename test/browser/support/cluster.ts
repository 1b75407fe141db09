// The cluster as processes, for a browser: a Redis, three replicas, the proxy, and ways to hurt and to scale it.
import assert from 'node:assert/strict';
import { freePorts } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';
import { startRedis, type TestRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';

export type LocalCluster = {
  readonly url: string;
  readonly redis: TestRedis;
  readonly proxy: Service;
  readonly replicas: Readonly<Record<string, Service>>;
  /** Starts the replica of this name, `web1` to `web4`, on the port where the proxy expects it. */
  readonly start: (name: string) => Promise<void>;
  /** The processes that run now. */
  readonly pids: () => readonly number[];
  /** Sends hits, one after the other. */
  readonly hit: (count: number) => Promise<void>;
};

/** Starts `web1` to `web3`; the proxy knows of a fourth, which does not run. */
export const startLocalCluster = async (t: Cleanup): Promise<LocalCluster> => {
  const redis = await startRedis(t);
  const row = await freePorts(4);
  const ports = Object.fromEntries(row.map((port, i) => [`web${i + 1}`, port]));
  const replicas: Record<string, Service> = {};
  const start = async (name: string) => {
    const env = { INSTANCE: name, PORT: `${ports[name]}`, REDIS_URL: redis.url, TRUSTED_PROXIES: 'loopback' };
    replicas[name] = await startService(t, 'web', { ...env, DRAIN_MS: '1' });
  };
  await Promise.all(['web1', 'web2', 'web3'].map(start));
  const UPSTREAMS = Object.values(ports).map((port) => `127.0.0.1:${port}`);
  const proxy = await startService(t, 'proxy', { UPSTREAMS: UPSTREAMS.join() });
  const { url } = proxy;
  await eventually(async () => {
    const { upstreams } = (await (await fetch(`${url}/-/upstreams`)).json()) as { upstreams: { state: string }[] };
    assert.equal(upstreams.filter(({ state }) => state === 'healthy').length, 3);
  });
  const hit = async (count: number) => {
    for (let i = 0; i < count; i += 1) assert.equal((await fetch(url)).status, 200);
  };
  const pids = () =>
    [redis.program, proxy, ...Object.values(replicas)].flatMap(({ child: { pid, exitCode, signalCode } }) =>
      pid !== undefined && exitCode === null && signalCode === null ? [pid] : [],
    );
  return { url, redis, proxy, replicas, start, pids, hit };
};
