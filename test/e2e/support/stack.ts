// The stack as its proxies and the swarm see it: which replicas there are, where they run, and the data in Redis.
import assert from 'node:assert/strict';
import { eventually } from '@container-counter/testing/eventually';
import { type Stored, storedBy } from '../../../services/counter-cli/src/audit/cluster.ts';
import { askByCli } from '../../../services/counter-cli/src/redis/redis-cli.ts';
import { docker } from './engine.ts';
import { MACHINES } from './swarm.ts';

export const WEB = 'container-counter_web';

/** Where the proxy of each machine is published. */
export const PROXIES = MACHINES.map((address) => new URL(`http://${address}:8080/`));

export const PATIENCE = { timeout: 60_000, every: 200 };

type Upstream = { readonly name: string; readonly state: string; readonly served: number };

export const upstreamsOf = async (proxy: URL): Promise<Upstream[]> =>
  ((await (await fetch(new URL('-/upstreams', proxy))).json()) as { upstreams: Upstream[] }).upstreams;

/** Waits until these proxies know so many replicas, and each of them is healthy. */
export const healthy = (count: number, proxies = PROXIES): Promise<void> =>
  eventually(async () => {
    for (const proxy of proxies) {
      const states = (await upstreamsOf(proxy)).map(({ name, state }) => `${name} ${state}`);
      const good = states.length === count && states.every((state) => state.endsWith(' healthy'));
      assert.ok(good, `${proxy.host}: ${states.join(', ')}`);
    }
  }, PATIENCE);

/** The running replicas: how many on each of `nodes`, and the images that they run. */
export const replicasOn = async (nodes: readonly string[]) => {
  const format = '{{.Node}} {{.CurrentState}}\t{{.Image}}';
  const listed = await docker('service', 'ps', WEB, '--filter', 'desired-state=running', '--format', format);
  const running = listed.split('\n').filter((line) => / Running /.test(line));
  const names = (await docker('node', 'inspect', '--format', '{{.Description.Hostname}}', ...nodes)).split('\n');
  return {
    spread: names.map((name) => running.filter((line) => line.startsWith(`${name} `)).length),
    images: [...new Set(running.map((line) => line.split('\t')[1]))],
  };
};

/** The data in Redis, read where it runs. */
export const stored = async (): Promise<Stored> => {
  const id = await docker('ps', '--quiet', '--filter', 'name=container-counter_redis');
  const run = (...words: string[]) =>
    docker('exec', id, 'sh', '-c', `REDISCLI_AUTH=$(cat /run/secrets/redis-password) redis-cli ${words.join(' ')}`);
  return storedBy(askByCli(run));
};
