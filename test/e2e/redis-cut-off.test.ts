// Redis cut off from its network: the error says so in time, and the replicas find it again at its new address.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine, withNextAddressTaken } from './support/engine.ts';

describe('Redis cut off', { skip: noEngine() }, () => {
  let cluster: Cluster;
  let redis: string;
  let oldAddress: string;
  before(async () => {
    cluster = await createCluster('networks', 'cut-off');
    await cluster.up();
    redis = await cluster.container('redis');
    oldAddress = await address();
    assert.match((await hit(cluster.url)).body, /^hit 1 /);
  });
  after(() => cluster.down());

  // Asks one replica itself, from inside: how long it took, and what it said.
  const askReplica = async (path: string) => {
    const script = `const start = Date.now(); fetch('http://127.0.0.1:3000${path}').then(async (r) =>
      console.log(JSON.stringify({ status: r.status, ms: Date.now() - start, body: await r.text() })))`;
    const printed = await docker('exec', await cluster.container('web'), 'node', '--eval', script);
    return JSON.parse(printed) as { status: number; ms: number; body: string };
  };
  const address = () =>
    docker(
      'inspect',
      '--format',
      `{{(index .NetworkSettings.Networks "${cluster.prefix}backend-network").IPAddress}}`,
      redis,
    );

  test('gets a 503 with the cause within 2 seconds, every time', async () => {
    await docker('network', 'disconnect', `${cluster.prefix}backend-network`, redis);
    const sentences = [];
    for (let i = 0; i < 5; i += 1) {
      const { status, ms, body } = await askReplica('/');
      assert.equal(status, 503);
      assert.ok(ms < 2000, `${ms} ms`);
      sentences.push(body);
    }
    assert.match(sentences[0] ?? '', /^Redis at db:6379 is connected but does not respond in time\..*disconnected/);
    assert.match(sentences.at(-1) ?? '', /"db"/, 'by then the old connection is closed, and the name does not resolve');
    assert.equal((await askReplica('/healthz')).status, 200);
    assert.equal((await askReplica('/readyz')).status, 503);
    const { status, body } = await hit(cluster.url);
    assert.equal(status, 503);
    assert.match(body, /^No replica is available\. test-cut-off-networks-web-1.*: Redis/);
  });

  test('is found again at its new address, without a restart', async () => {
    await withNextAddressTaken(`${cluster.prefix}backend-network`, async () => {
      await docker('network', 'connect', '--alias', 'db', `${cluster.prefix}backend-network`, redis);
      assert.notEqual(await address(), oldAddress);
      await eventually(async () => assert.equal((await hit(`${cluster.url}/readyz`)).status, 200));
      const { body } = await hit(cluster.url);
      assert.match(body, /^hit \d+ served by /);
      assert.equal(`hit ${await cluster.redis('get', 'requests')}`, /^hit \d+/.exec(body)?.[0]);
    });
  });
});
