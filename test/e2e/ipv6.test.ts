// Networks with IPv6: names have addresses of both families, a replica is still one upstream, and clients of either family
// are counted by their address.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as compose from 'docker-compose';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const OVERRIDE = `networks:
  frontend-network: { enable_ipv6: true, ipam: { config: [{ subnet: "fd00:c0:1::/64" }] } }
  backend-network: { enable_ipv6: true, ipam: { config: [{ subnet: "fd00:c0:2::/64" }] } }
`;

describe('the cluster on networks with IPv6', { skip: noEngine() }, () => {
  let cluster: Cluster;
  let folder: string;

  before(async () => {
    cluster = await createCluster('networks', 'ipv6');
    folder = await mkdtemp(join(tmpdir(), 'counter-ipv6-'));
    const file = join(folder, 'ipv6.yml');
    await writeFile(file, OVERRIDE);
    const options = { ...cluster.options, config: ['docker-compose.yml', file] };
    await compose.upAll({ ...options, commandOptions: ['--build', '--wait'] });
  });
  after(async () => {
    await cluster.down();
    await rm(folder, { recursive: true, force: true });
  });

  const inProxy = async (...command: string[]) => docker('exec', await cluster.container('proxy'), ...command);

  test('each replica is one upstream, though its name has two addresses', async () => {
    const lookup = `require('node:dns').lookup('web', { all: true }, (_, found) => console.log(JSON.stringify(found)))`;
    const found = JSON.parse(await inProxy('node', '-e', lookup)) as { family: number }[];
    assert.deepEqual(found.map(({ family }) => family).toSorted(), [4, 4, 4, 6, 6, 6]);
    for (let i = 1; i <= 6; i += 1) assert.match((await hit(cluster.url)).body, new RegExp(`^hit ${i} `));
    const { upstreams } = (await (await fetch(`${cluster.url}/-/upstreams`)).json()) as {
      upstreams: { name: string; state: string; served: number }[];
    };
    assert.deepEqual(
      upstreams.map(({ name, state, served }) => [name, state, served]),
      [1, 2, 3].map((i) => [`${cluster.project}-web-${i}`, 'healthy', 2]),
    );
  });

  test('a client that comes over IPv6 is counted by its address', async () => {
    const script = `require('node:http').get({ host: 'proxy', port: 8080, family: 6, headers: { accept: 'application/json' } },
      async (res) => console.log(Buffer.concat(await res.toArray()).toString()))`;
    const web = await cluster.container('web');
    const { ip } = JSON.parse(await docker('exec', web, 'node', '-e', script)) as { ip: string };
    assert.match(ip, /^fd00:c0:1::/);
    assert.equal(Number(await cluster.redis('hget', 'ip', ip)), 1);
  });

  test('counter why shows both families', async () => {
    const explained = await inProxy('counter', 'why', 'web:3000');
    assert.match(explained, /fd00:c0:1::/);
    assert.match(explained, /Reachable\.$/);
  });
});
