// A client fills Redis with records: they are refused at some point, and counting continues, also after a restart.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const VALUE = 'x'.repeat(65_000);
const MAX_RECORDS = 8000; // more than fit by far

describe('a Redis that is filled with records', { skip: noEngine() }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await createCluster('networks', 'full');
    await cluster.up();
  });
  after(() => cluster.down());

  const hit = async (): Promise<number> => {
    const response = await fetch(cluster.url, { headers: { accept: 'application/json' } });
    return ((await response.json()) as { requests: number }).requests;
  };

  test('refuses records with 507, and keeps counting', async (t) => {
    const before = await hit();
    let stored = 0;
    let refusal: Response | undefined;
    const client = async () => {
      while (refusal === undefined && stored < MAX_RECORDS) {
        stored += 1;
        const response = await fetch(`${cluster.url}/redis/record-${stored}`, { method: 'PUT', body: VALUE });
        if (response.status !== 200) refusal ??= response;
        else await response.text();
      }
    };
    await Promise.all(Array.from({ length: 4 }, client));
    t.diagnostic(`${stored} records`);
    assert.equal(refusal?.status, 507);
    assert.match(await (refusal as Response).text(), /^Redis is full/);
    assert.equal(await hit(), before + 1);
    assert.equal((await fetch(`${cluster.url}/-/readyz`)).status, 200);
  });

  test('starts again with all of it, and keeps counting', async () => {
    const before = await hit();
    const redis = await cluster.container('redis');
    await docker('restart', redis);
    // Once it is there: of the hits before, one that was not acknowledged in time may be counted nevertheless.
    await eventually(async () => assert.ok((await hit()) > before), { timeout: 60_000 });
    assert.equal((await hit()) + 1, await hit());
    const [state] = JSON.parse(await docker('inspect', redis)) as [Inspected];
    assert.deepEqual([state.RestartCount, state.State.OOMKilled, state.State.Running], [0, false, true]);
  });
});

type Inspected = {
  readonly RestartCount: number;
  readonly State: { readonly OOMKilled: boolean; readonly Running: boolean };
};
