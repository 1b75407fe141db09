// Who can reach whom on networks, and what a container may do: as little as it needs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';
import { assertLeastPrivilege } from './support/privilege.ts';

describe('the cluster on networks', { skip: noEngine() }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await createCluster('networks', 'isolation');
    await cluster.up();
  });
  after(() => cluster.down());

  const inspect = async (service: string, format: string) =>
    docker('inspect', '--format', format, await cluster.container(service));
  const addressOfRedis = () =>
    inspect('redis', `{{(index .NetworkSettings.Networks "${cluster.prefix}backend-network").IPAddress}}`);
  const connect = async (service: string, host: string) =>
    docker('exec', await cluster.container(service), 'node', '--eval', CONNECT, host);

  test('lets a replica reach Redis, by its alias and its address', async () => {
    assert.equal(await connect('web', 'db'), 'connected');
    assert.equal(await connect('web', await addressOfRedis()), 'connected');
  });

  test('hides Redis from the proxy: neither its names nor its address lead there', async () => {
    assert.equal(await connect('proxy', 'db'), 'ENOTFOUND');
    assert.equal(await connect('proxy', 'redis'), 'ENOTFOUND');
    assert.notEqual(await connect('proxy', await addressOfRedis()), 'connected');
  });

  test('publishes the proxy alone', async () => {
    const published = async (service: string) => inspect(service, '{{json .HostConfig.PortBindings}}');
    assert.equal(await published('redis'), '{}');
    assert.equal(await published('web'), '{}');
    assert.match(await published('proxy'), /^\{"8080\/tcp":\[/);
  });

  test('gives Redis no way out', async () => {
    const routes = await docker('exec', await cluster.container('redis'), 'cat', '/proc/net/route');
    assert.doesNotMatch(routes, /^\w+\t00000000\t/m, 'a default route');
  });

  for (const service of ['proxy', 'web', 'redis']) {
    test(`runs ${service} without root, without capabilities, on a read-only root`, async () =>
      assertLeastPrivilege(await cluster.container(service)));
  }
});

// Prints what became of a connection to Redis: connected, or the code of the error.
const CONNECT = `
  const socket = require('node:net').connect({ host: process.argv[1], port: 6379, timeout: 1500 });
  const say = (what) => { console.log(what); socket.destroy(); };
  socket.on('connect', () => say('connected')).on('timeout', () => say('timeout')).on('error', (e) => say(e.code));
`;
