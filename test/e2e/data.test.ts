// The data outlive what holds them: a restart of Redis, and `down` and `up`.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { restartOne } from 'docker-compose';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { noEngine } from './support/engine.ts';

describe('the data', { skip: noEngine() }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await createCluster('networks', 'data');
    await cluster.up();
    for (let i = 1; i <= 3; i += 1) assert.match((await hit(cluster.url)).body, new RegExp(`^hit ${i} `));
  });
  after(() => cluster.down());

  test('outlive a restart of Redis, after which the replicas recover by themselves', async () => {
    await restartOne('redis', cluster.options);
    await eventually(async () => assert.equal((await fetch(`${cluster.url}/readyz`)).status, 200));
    assert.match((await hit(cluster.url)).body, /^hit 4 /);
  });

  test('outlive down and up', async () => {
    await cluster.down(true);
    await cluster.up();
    assert.match((await hit(cluster.url)).body, /^hit 5 /);
  });
});
