// Scaling, killing and replacing replicas under load: the proxy follows, and no client sees an error.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { type LoadResponse, numbersOf, startLoad } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine, withNextAddressTaken } from './support/engine.ts';

type Upstream = { readonly name: string; readonly address: string; readonly state: string };

// Where the load lasts while containers start: they need the machine, too.
const PAUSE_MS = 20;

describe('the cluster on networks, under load', { skip: noEngine() }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await createCluster('networks', 'scale');
    await cluster.up();
  });
  after(() => cluster.down());

  const upstreams = async (): Promise<Upstream[]> => {
    const response = (await (await fetch(`${cluster.url}/-/upstreams`)).json()) as { upstreams: Upstream[] };
    return response.upstreams;
  };
  const healthy = async (count: number) =>
    eventually(async () => {
      const states = (await upstreams()).map(({ name, state }) => `${name} ${state}`);
      assert.equal(states.filter((state) => state.endsWith(' healthy')).length, count, states.join(', '));
      assert.equal(states.length, count, states.join(', '));
    });

  // Every response was a hit, and every number from the first to the last was given once.
  const assertExact = async (responses: readonly LoadResponse[]) => {
    assert.deepEqual(
      responses.filter(({ status }) => status !== 200),
      [],
    );
    const numbers = numbersOf(responses);
    const first = numbers[0] ?? Number.NaN;
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => first + i),
    );
    assert.equal(Number(await cluster.redis('get', 'requests')), numbers.at(-1));
  };

  test('follows 3 to 5 to 2 replicas, without an error', async (t) => {
    const load = startLoad(t, cluster.url, PAUSE_MS);
    await cluster.scale(5);
    await healthy(5);
    const names = (await upstreams()).map(({ name }) => name);
    for (const name of names) await load.until(({ servedBy }) => servedBy === name);
    await cluster.scale(2);
    await healthy(2);
    await assertExact(await load.stop());
    await cluster.scale(3);
    await healthy(3);
  });

  test('serves every request while a replica is killed', async (t) => {
    const load = startLoad(t, cluster.url);
    const victim = await cluster.container('web', 2);
    await load.until(({ status }) => status === 200);
    await docker('kill', victim);
    // Soon nobody resolves its name any more, so it may be gone before anybody sees it unhealthy.
    await eventually(async () => {
      assert.equal((await upstreams()).filter(({ state }) => state === 'healthy').length, 2);
    });
    await docker('start', victim);
    await healthy(3);
    await assertExact(await load.stop());
  });

  test('routes to a recreated replica again, at its new address', async (t) => {
    const load = startLoad(t, cluster.url, PAUSE_MS);
    const before = await upstreams();
    await docker('rm', '--force', await cluster.container('web', 1));
    await withNextAddressTaken(`${cluster.prefix}frontend-network`, async () => {
      await cluster.up('--no-recreate');
      await healthy(3);
      const now = await upstreams();
      const fresh = now.filter(({ address }) => !before.some((old) => old.address === address));
      assert.equal(fresh.length, 1, JSON.stringify(now));
      await load.until(({ servedBy }) => servedBy === fresh[0]?.name);
      await assertExact(await load.stop());
    });
  });
});
