// Where a name comes from: the hosts file, as a link writes it, or the resolver.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { sourceOf } from '@container-counter/network/addresses';
import { readHosts } from '@container-counter/network/hosts-file';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

const HOSTS = `127.0.0.1\tlocalhost
# 172.17.0.9 commented
172.17.0.2\tredis 3f2a9c1b7d55 redis-server # the link
::1 IP6-localhost`;

const SOURCES = {
  redis: 'hosts file',
  Redis: 'hosts file',
  'redis-server': 'hosts file',
  '3f2a9c1b7d55': 'hosts file',
  'ip6-localhost': 'hosts file',
  commented: 'resolver',
  link: 'resolver',
  db: 'resolver',
  red: 'resolver',
  '172.17.0.2': 'address',
  '::1': 'address',
} as const;

test('sources', async (t) => {
  const folder = await temporaryFolder(t, 'hosts');
  const file = join(folder, 'hosts');
  await writeFile(file, HOSTS);

  for (const [host, source] of Object.entries(SOURCES)) {
    await t.test(`${host} is known by the ${source}`, () => assert.equal(sourceOf(host, readHosts(file)), source));
  }
  await t.test('without a hosts file there is the resolver', () =>
    assert.equal(sourceOf('redis', readHosts(join(folder, 'none'))), 'resolver'),
  );
});
