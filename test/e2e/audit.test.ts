// `counter audit networks`: every kind of fault once in Docker, and each of 5000 hits counted exactly once.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { KINDS } from '../../services/counter-cli/src/audit/kinds.ts';
import type { Audit } from '../../services/counter-cli/src/audit/run-audit.ts';
import { cli } from '../../services/counter-cli/test/cli.ts';
import { createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));

describe('the audit in Docker', { skip: noEngine() }, () => {
  test('5000 requests, every kind of fault', async () => {
    const { code, out, err } = await cli(['audit', 'networks', '-n', '5000', '--json'], { env });
    assert.equal(err, '');
    const { verdict, incidents, reckoning } = JSON.parse(out) as Audit;
    assert.deepEqual(
      verdict.checks.filter(({ value, required }) => required && value !== 0),
      [],
    );
    assert.equal(code, 0);
    assert.ok(reckoning.acknowledged >= 5000);
    assert.deepEqual(incidents.flatMap(({ fault }) => fault?.kind ?? []).toSorted(), [...KINDS].sort());
    // The new replica is at an address that was not its own before.
    const { happened } = incidents.find(({ fault }) => fault?.kind === 'recreate-replica') ?? { happened: '' };
    const [, from, to] = /from (\S+) to (\S+)$/.exec(happened) ?? [];
    assert.ok(from && to && from !== to, happened);
    assert.equal(await docker('ps', '--all', '--quiet', '--filter', `label=${PROJECT}`), '');
  });

  test('does not touch a cluster that is up', async () => {
    const cluster = await createCluster('networks', 'beside-audit', { prefix: '' });
    after(() => cluster.down());
    await cluster.up();
    const { code, err } = await cli(['audit', 'networks'], { env });
    assert.match(
      err,
      /^The network (front|back)end-network is in use by another cluster\. Stop that one first: counter down\n$/,
    );
    assert.equal(code, 1);
    assert.equal((await fetch(cluster.url)).status, 200);
  });
});

const PROJECT = 'com.docker.compose.project=container-counter-audit';
