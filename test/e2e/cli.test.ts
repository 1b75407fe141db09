// The counter command as a container, in both wirings: it reaches the proxy and Redis from inside.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { buildOne } from 'docker-compose';
import { type Cluster, createCluster, VARIANTS } from './support/cluster.ts';
import { noEngine } from './support/engine.ts';

for (const variant of VARIANTS) {
  describe(`the cli service on ${variant}`, { skip: noEngine() }, () => {
    let cluster: Cluster;
    before(async () => {
      cluster = await createCluster(variant, 'cli');
      await cluster.up();
      await buildOne('cli', cluster.options); // up builds no service behind a profile
    });
    after(() => cluster.down());

    const counter = async (...args: string[]): Promise<string> => {
      const { cwd, config, env } = cluster.options;
      const run = ['compose', '--file', String(config), 'run', '--rm', '--no-TTY', 'cli', ...args];
      const { stdout } = await promisify(execFile)('docker', run, { cwd, env });
      return stdout;
    };

    test('sends hits evenly, and sees each counted once', async () => {
      const report = await counter('hit', '-n', '99', '-c', '3');
      assert.equal(report.match(/ 33 {2}33\.3%/g)?.length, 3, report);
      assert.match(report, /the counter moved from 0 to 99: 99 hits, 99 acknowledged: exact\n$/);
    });

    test('lists the keys in Redis', async () => {
      const keys = JSON.parse(await counter('keys', '--json')) as unknown;
      assert.match(JSON.stringify(keys), /"requests"/);
    });

    test('resets the counter', async () => {
      await counter('reset', '--yes');
      assert.equal(await cluster.redis('dbsize'), '0');
    });
  });
}
