// Redis with a password from a secret, in Compose: the replicas and the command know it, and nobody sees it.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { downAll, logs, run, upAll } from 'docker-compose';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const PASSWORD = 'correct/horse@battery';

describe('a password for Redis', { skip: noEngine() }, () => {
  let cluster: Cluster;
  let options: Cluster['options'];
  let folder: string;

  before(async () => {
    cluster = await createCluster('networks', 'password');
    folder = await mkdtemp(join(tmpdir(), 'counter-password-'));
    await chmod(folder, 0o755);
    const REDIS_PASSWORD_FILE = join(folder, 'password');
    await writeFile(REDIS_PASSWORD_FILE, `${PASSWORD}\n`, { mode: 0o644 });
    const env = { ...cluster.options.env, REDIS_PASSWORD_FILE };
    options = { ...cluster.options, env, config: ['docker-compose.yml', 'deploy/password.yml'] };
    await upAll({ ...options, commandOptions: ['--build', '--wait'] });
  });
  after(async () => {
    await downAll({ ...options, commandOptions: ['--volumes'] });
    await rm(folder, { recursive: true });
  });

  test('the replicas know it', async () => {
    assert.match((await hit(cluster.url)).body, /^hit 1 /);
    assert.match(await cluster.redis('get', 'requests'), /NOAUTH/);
  });

  test('the command knows it', async () => {
    const { out } = await run('cli', ['keys'], { ...options, commandOptions: ['--build', '--rm', '-T'] });
    assert.match(out, /requests/);
  });

  test('nobody sees it', async () => {
    const ids = (
      await docker('ps', '--quiet', '--filter', `label=com.docker.compose.project=${cluster.project}`)
    ).split('\n');
    const shows = (text: string) => [PASSWORD, encodeURIComponent(PASSWORD)].some((form) => text.includes(form));
    assert.ok(!shows(await docker('inspect', ...ids)));
    for (const id of ids) assert.ok(!shows(await docker('top', id)));
    assert.ok(!shows((await logs([], options)).out));
  });
});
