// The rolling way that docs/operations.md shows: a new image reaches every replica, and no request fails meanwhile.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { upMany } from 'docker-compose';
import { startLoad } from '../support/load.ts';
import { BUILD, type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const IMAGE = 'counter-test-rolling/web';
const REPLICAS = 3;

describe('a new image of the replicas', { skip: noEngine() }, () => {
  let cluster: Cluster;
  before(async () => {
    if (BUILD === '--no-build') await docker('tag', process.env['WEB_IMAGE'] ?? '', IMAGE);
    cluster = await createCluster('networks', 'rolling', { env: { WEB_IMAGE: IMAGE } });
    await cluster.up();
  });
  after(async () => {
    await cluster.down();
    await docker('rmi', '--force', IMAGE);
  });

  const editions = async (): Promise<string[]> => {
    const ids = Object.entries(await cluster.containers()).flatMap(([name, id]) => (/-web-/.test(name) ? [id] : []));
    return Promise.all(ids.map((id) => docker('exec', id, 'sh', '-c', 'echo $EDITION')));
  };

  test('comes beside the old ones first, and then in their place', async (t) => {
    const dockerfile = `FROM ${IMAGE}\nENV EDITION=next\n`;
    assert.equal(spawnSync('docker', ['build', '--quiet', '--tag', IMAGE, '-'], { input: dockerfile }).status, 0);
    const up = (...flags: string[]) =>
      upMany(['web'], { ...cluster.options, commandOptions: ['--no-build', '--no-deps', '--wait', ...flags] });
    const load = startLoad(t, cluster.url);
    await up('--no-recreate', '--scale', `web=${2 * REPLICAS}`);
    assert.deepEqual((await editions()).toSorted(), ['', '', '', 'next', 'next', 'next']);
    await up('--scale', `web=${REPLICAS}`);
    const answers = await load.stop();
    assert.deepEqual(await editions(), ['next', 'next', 'next']);
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200),
      [],
    );
    t.diagnostic(`${answers.length} requests meanwhile`);
    assert.ok(answers.length > 100, `${answers.length} requests`);
  });
});
