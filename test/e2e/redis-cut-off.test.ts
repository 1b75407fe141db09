// Redis cut off from its network: the error says so in time, and the replicas find it again at its new address.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { start } from '@container-counter/testing/process';
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

  const address = () =>
    docker(
      'inspect',
      '--format',
      `{{(index .NetworkSettings.Networks "${cluster.prefix}backend-network").IPAddress}}`,
      redis,
    );

  test('gets a 503 with the cause within 2 seconds, every time', async (t) => {
    const web = await cluster.container('web');
    const client = start(t, 'docker', ['exec', web, 'node', '--eval', HITS], process.env as Record<string, string>);
    await client.line(/"status":200/);
    await docker('network', 'disconnect', `${cluster.prefix}backend-network`, redis);
    await client.line(/"status":503.*does not resolve/); // by then the old connection is closed
    const refused = client.lines.map((line) => JSON.parse(line) as Response).filter(({ status }) => status !== 200);
    for (const { status, ms } of refused) assert.ok(status === 503 && ms < 2000, `${status} in ${ms} ms`);
    assert.match(refused[0]?.body ?? '', /^Redis at db:6379 is connected but does not respond in time\..*disconnected/);
    const statusOf = (path: string) =>
      docker('exec', web, 'node', '--eval', `fetch('http://127.0.0.1:3000${path}').then((r) => console.log(r.status))`);
    assert.equal(await statusOf('/healthz'), '200');
    assert.equal(await statusOf('/readyz'), '503');
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

type Response = { readonly status: number; readonly ms: number; readonly body: string };

// Hits a replica from inside, and prints each response, until one says that the name of Redis does not resolve.
const HITS = `(async () => {
  for (let body = ''; !body.includes('does not resolve'); await new Promise((resolve) => setTimeout(resolve, 50))) {
    const start = performance.now();
    const response = await fetch('http://127.0.0.1:3000/');
    body = await response.text();
    console.log(JSON.stringify({ status: response.status, ms: performance.now() - start, body }));
  }
})()`;
