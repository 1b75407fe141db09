// `counter up --watch` in Docker, which is `make dev`: a change is copied into the containers, one replica after the other
// reloads, and no request fails.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { type Program, start } from '@container-counter/testing/process';
import { suiteCleanup } from '@container-counter/testing/suite';
import { type Clone, cloneProject } from '../support/clone.ts';
import { hit, startSteadyLoad } from '../support/load.ts';
import { assertRollingReload } from '../support/rolling-reload.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

describe('the cluster for development', { skip: noEngine() }, () => {
  const cleanup = suiteCleanup();
  let cluster: Cluster;
  let up: Program;
  let clone: Clone;
  before(async () => {
    clone = await cloneProject(cleanup);
    const images = { WEB_IMAGE: 'counter-test-dev/web', PROXY_IMAGE: 'counter-test-dev/proxy' };
    cluster = await createCluster('networks', 'dev', { env: images });
    cleanup.after(() => docker('rmi', '--force', ...Object.values(images)));
    cleanup.after(() => cluster.down());
    up = start(
      cleanup,
      process.execPath,
      [clone.counter, 'up', '--watch'],
      cluster.options.env as Record<string, string>,
    );
    await up.line(/Watch enabled/);
  });

  test('reloads a change, in every replica', async (t) => {
    const load = startSteadyLoad(t, cluster.url, 200);
    const begin = performance.now();
    await clone.edit('services/web/src/hit.ts', 'served by', 'now served by');
    await eventually(async () => {
      for (let i = 0; i < 3; i += 1) assert.match((await hit(cluster.url)).body, / now served by /);
    });
    t.diagnostic(`${Math.round(performance.now() - begin)} ms until it was in every response`);
    await assertRollingReload(clone, up);
    await clone.edit('services/proxy/src/main.ts', '// Starts', '// Starts:');
    await up.line(/services\/proxy\/src\/main.ts reloaded/);
    const responses = await load.stop();
    t.diagnostic(`${responses.length} requests meanwhile`);
    assert.deepEqual(
      responses.filter(({ status }) => status !== 200),
      [],
    );
  });

  test('has an inspector for each replica and for the proxy', async () => {
    const titles = async (port: number) => {
      const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { title: string }[];
      return targets.map(({ title }) => title);
    };
    for (const port of [9229, 9230, 9231]) assert.deepEqual(await titles(port), ['services/web/src/main.ts']);
    assert.deepEqual(await titles(9232), ['services/proxy/src/main.ts']);
  });

  test('is taken down on Ctrl-C', async () => {
    assert.equal(await up.stop('SIGINT'), 0);
    assert.deepEqual(Object.keys(await cluster.containers()), ['']);
  });
});
