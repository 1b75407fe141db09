// `counter up` after a change replaces the replicas one by one, and no request fails meanwhile; with links, none until
// the proxy is recreated, too.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { suiteCleanup } from '@container-counter/testing/suite';
import { type Clone, cloneProject } from '../support/clone.ts';
import { type LoadResponse, startSteadyLoad } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const SOURCE = 'services/web/src/hit.ts';
const PER_SECOND = 100;

for (const variant of ['networks', 'links'] as const) {
  describe(`a cluster on ${variant}`, { skip: noEngine() }, () => {
    const t = suiteCleanup();
    let cluster: Cluster;
    let clone: Clone;

    const counterUp = (env = {}) =>
      promisify(execFile)(process.execPath, [clone.counter, 'up', variant, '--detach'], {
        env: { ...cluster.options.env, ...env },
        maxBuffer: 2 ** 26,
      });
    const ids = async () => Object.values(await cluster.containers()).toSorted();
    /** Every response while `act` runs. */
    const during = async (act: () => Promise<unknown>): Promise<readonly LoadResponse[]> => {
      const load = startSteadyLoad({ after: () => {} }, cluster.url, PER_SECOND);
      await act().finally(load.stop);
      return load.responses;
    };

    before(async () => {
      clone = await cloneProject(t);
      const image = (service: string) => `counter-test-rolling-${variant}/${service}`;
      const images = { WEB_IMAGE: image('web'), PROXY_IMAGE: image('proxy') };
      cluster = await createCluster(variant, 'rolling', { env: images });
      t.after(() => docker('rmi', '--force', ...Object.values(images)));
      t.after(() => cluster.down());
      await counterUp();
    });

    test('rolls out a change of the sources', async (t) => {
      await clone.edit(SOURCE, 'served by', 'now served by');
      let said = '';
      const responses = await during(async () => {
        said = (await counterUp()).stdout;
      });
      assert.equal(/^The proxy is recreated after the replicas, /m.test(said), variant === 'links', said);
      const failed = responses.flatMap(({ status }, i) => (status === 200 ? [] : [i]));
      t.diagnostic(`${failed.length} of ${responses.length} requests failed`);
      assert.ok(responses.length > 5 * PER_SECOND, `${responses.length} requests`);
      if (variant === 'networks')
        assert.deepEqual(
          failed.map((i) => responses[i]),
          [],
        );
      // The order of arrival is almost that of sending: all fail together, while the proxy is recreated.
      else assert.ok((failed.at(-1) ?? 0) - (failed[0] ?? 0) < 5 * PER_SECOND, `${failed[0]} to ${failed.at(-1)}`);
      for (let i = 0; i < 3; i += 1) assert.match(await (await fetch(cluster.url)).text(), / now served by /);
    });

    test('leaves it alone when nothing changed', async () => {
      const before = await ids();
      const responses = await during(counterUp);
      assert.deepEqual(await ids(), before);
      assert.deepEqual(
        responses.filter(({ status }) => status !== 200),
        [],
      );
    });

    if (variant === 'links') return; // an old replica makes room for the new one

    test('keeps the old replicas when a new one does not become healthy', async () => {
      const before = await ids();
      await clone.edit('services/web/src/main.ts', 'await run(', 'process.exit(1); await run(');
      const responses = await during(() => assert.rejects(counterUp(), /docker compose up failed/));
      assert.deepEqual(await ids(), before);
      assert.deepEqual(
        responses.filter(({ status }) => status !== 200),
        [],
      );
    });
  });
}
