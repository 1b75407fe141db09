// `counter up local --watch`: a change of the sources is in every response within seconds, in one replica after the other,
// and no request fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePorts } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { start } from '@container-counter/testing/process';
import { cloneProject } from './support/clone.ts';
import { hit, startSteadyLoad } from './support/load.ts';
import { assertRollingReload } from './support/rolling-reload.ts';

test('services reload without a failed request, and keep running when a change does not start', async (t) => {
  const clone = await cloneProject(t);
  const [web, , , proxy, redis] = await freePorts(5); // the replicas count on from the first
  const url = `http://127.0.0.1:${proxy}`;
  const up = start(t, process.execPath, [clone.counter, 'up', 'local', '--watch'], {
    PROXY_PORT: `${proxy}`,
    WEB_PORT: `${web}`,
    LOCAL_REDIS_PORT: `${redis}`,
    LOCAL_DATA: `${clone.folder}/.data`,
  });
  await up.line(/^The counter is up: /);
  const load = startSteadyLoad(t, url, 200);
  const everyReplica = (pattern: RegExp) =>
    eventually(async () => {
      for (let i = 0; i < 3; i += 1) assert.match((await hit(url)).body, pattern);
    });
  const reloaded = (what: string, count: number) =>
    eventually(() =>
      assert.equal(up.lines.filter((line) => line.endsWith(`${what}/src/main.ts reloaded`)).length, count),
    );

  const begin = performance.now();
  await clone.edit('services/web/src/hit.ts', 'served by', 'now served by');
  await everyReplica(/ now served by /);
  t.diagnostic(`${Math.round(performance.now() - begin)} ms until it was in every response`);
  await reloaded('web', 3);
  await assertRollingReload(clone, up);

  await clone.edit('services/proxy/src/main.ts', '// Starts', '// Starts:');
  await reloaded('proxy', 1);

  await clone.edit('services/web/src/hit.ts', 'now served by', 'never served by${');
  for (const name of ['web1', 'web2', 'web3'])
    await up.line(new RegExp(`^${name} .* does not start: the previous one keeps running$`));
  await clone.edit('services/web/src/hit.ts', 'never served by${', 'again served by');
  await everyReplica(/ again served by /);

  const responses = await load.stop();
  t.diagnostic(`${responses.length} requests meanwhile`);
  assert.deepEqual(
    responses.filter(({ status }) => status !== 200),
    [],
  );
  assert.deepEqual(
    up.lines.filter((line) => line.includes('"upstream is unhealthy"')),
    [],
  );
  assert.equal(await up.stop(), 0);
});
