// Behind a company's HTTP proxy Docker hands its address to every container: nothing here may ask it about a neighbour.
import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Cluster, createCluster, VARIANTS } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const PROXY = 'http://127.0.0.1:9'; // where nobody listens

for (const variant of VARIANTS) {
  describe(`${variant}, with http_proxy in every container`, { skip: noEngine() }, () => {
    let config: string;
    let cluster: Cluster;
    before(async () => {
      config = await mkdtemp(join(tmpdir(), 'counter-docker-config-'));
      const own = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
      await symlink(join(own, 'cli-plugins'), join(config, 'cli-plugins'));
      await writeFile(join(config, 'config.json'), JSON.stringify({ proxies: { default: { httpProxy: PROXY } } }));
      cluster = await createCluster(variant, 'company', { env: { DOCKER_CONFIG: config } });
    });
    after(async () => {
      await cluster?.down();
      await rm(config, { recursive: true, force: true });
    });

    test('becomes healthy, and serves', async () => {
      await cluster.up();
      const web = await cluster.container(variant === 'links' ? 'web1' : 'web');
      assert.equal(await docker('exec', web, 'sh', '-c', 'echo $http_proxy'), PROXY);
      assert.match(await (await fetch(cluster.url)).text(), /^hit 1 served by /);
    });
  });
}
