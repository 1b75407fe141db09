// Legacy links: they follow a source that restarts, and lose one that is recreated, and the error says why.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';
import { assertLeastPrivilege } from './support/privilege.ts';

describe('the cluster on links', { skip: noEngine() }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await createCluster('links', 'links');
    await cluster.up();
  });
  after(() => cluster.down());

  const hostsOf = async (service: string) => docker('exec', await cluster.container(service), 'cat', '/etc/hosts');
  const addressOf = async (service: string) =>
    docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', await cluster.container(service));

  test('finds Redis by a line in the hosts file of each replica', async () => {
    const line = new RegExp(
      `^${await addressOf('redis-server')}\tredis [0-9a-f]{12} ${cluster.prefix}redis-server$`,
      'm',
    );
    for (const service of ['web1', 'web2', 'web3']) assert.match(await hostsOf(service), line);
    assert.doesNotMatch(await hostsOf('proxy'), /redis/);
  });

  for (const service of ['proxy', 'web1', 'web2', 'web3', 'redis-server']) {
    test(`runs ${service} without root, without capabilities, on a read-only root`, async () =>
      assertLeastPrivilege(await cluster.container(service)));
  }

  test('publishes the proxy alone', async () => {
    for (const service of ['proxy', 'web1', 'web2', 'web3', 'redis-server']) {
      const id = await cluster.container(service);
      const published = await docker('inspect', '--format', '{{json .HostConfig.PortBindings}}', id);
      assert.match(published, service === 'proxy' ? /^\{"8080\/tcp":\[/ : /^\{\}$/, service);
    }
  });

  // A link hands the whole environment of its source on, under the alias: so there must be nothing secret in it.
  test('hands on no secret: what a source has in its environment is settings', async () => {
    const handedOn = async (service: string) => {
      const all = (await docker('exec', await cluster.container(service), 'env')).split('\n');
      return all.flatMap((line) => /^[A-Z0-9]+_ENV_([^=]+)=/.exec(line)?.[1] ?? []);
    };
    const ofWeb = new Set(await handedOn('proxy'));
    for (const name of ['INSTANCE', 'LOG_LEVEL', 'METRICS_PORT', 'TRUSTED_PROXIES'])
      assert.ok(ofWeb.delete(name), name);
    const ofImages =
      /^(?:NODE|YARN|REDIS|VALKEY)_(?:VERSION|DOWNLOAD_URL|DOWNLOAD_SHA|ENV)$|^NODE_(?:EXTRA_CA_CERTS|COMPILE_CACHE)$/;
    for (const name of [...ofWeb, ...(await handedOn('web1'))]) assert.match(name, ofImages);
  });

  test('follows a source that restarts, to its new address too', async () => {
    const redis = await cluster.container('redis-server');
    const before = await addressOf('redis-server');
    const squatters: string[] = [];
    try {
      // Once is not enough where others take and leave addresses of the default bridge at the same time.
      while (squatters.length < 5 && (await addressOf('redis-server')) === before) {
        await docker('stop', redis);
        squatters.push(await docker('run', '--detach', '--init', 'busybox', 'sleep', '300'));
        await docker('start', redis);
      }
      assert.notEqual(await addressOf('redis-server'), before);
      await eventually(async () => assert.match((await hit(cluster.url)).body, /^hit \d+ /));
    } finally {
      await docker('rm', '--force', ...squatters);
    }
  });

  test('loses a source that is recreated, and says so', async () => {
    const before = await addressOf('redis-server');
    const name = `${cluster.prefix}redis-server`;
    // The new one is made while the old one still has its address: it must not get the same one again.
    await docker('rename', name, `${name}-before`);
    try {
      await docker('run', '--detach', '--name', name, 'redis');
      await docker('rm', '--force', `${name}-before`);
      assert.notEqual(await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', name), before);
      await eventually(
        async () => {
          const response = await hit(cluster.url);
          assert.equal(response.status, 503);
          assert.match(response.body, /web1, web2, web3: Redis at redis:6379 .*if "redis" was removed and recreated/);
        },
        { timeout: 15_000 },
      );
    } finally {
      await docker('rm', '--force', '--volumes', name);
    }
  });
});
