// The images as they are published: built by docker buildx bake, pushed to a registry, and run from there without a build.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { suiteCleanup } from '@container-counter/testing/suite';
import * as compose from 'docker-compose';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
const SERVICES = ['web', 'proxy', 'cli'] as const;

describe('published images', { skip: noEngine() }, () => {
  const t = suiteCleanup();
  let prefix: string;
  let cluster: Cluster;
  let options: Cluster['options'];
  const image = (service: string) => `${prefix}/${service}:${version}`;
  const digestOf = async (service: string) =>
    (await docker('image', 'inspect', '--format', '{{index .RepoDigests 0}}', image(service))).split('@')[1] ?? '';

  before(async () => {
    const port = await freePort();
    const registry = await docker('run', '--detach', '--publish', `127.0.0.1:${port}:5000`, 'registry:2');
    t.after(() => docker('rm', '--force', '--volumes', registry));
    await eventually(async () => assert.equal((await fetch(`http://127.0.0.1:${port}/v2/`)).status, 200));
    prefix = `127.0.0.1:${port}/me/container-counter`;
    const env = { ...process.env, IMAGE_PREFIX: prefix, SOURCE: 'https://example.com/counter', REVISION: 'abc' };
    const platform = `*.platform=linux/${arch() === 'arm64' ? 'arm64' : 'amd64'}`;
    await promisify(execFile)('docker', ['buildx', 'bake', '--push', '--set', platform], { cwd: ROOT, env });
    t.after(() => docker('rmi', '--force', ...SERVICES.map(image)));
    cluster = await createCluster('networks', 'publish', { env: { IMAGE_PREFIX: prefix, IMAGE_TAG: version } });
    options = { ...cluster.options, config: ['docker-compose.yml', 'deploy/images.yml'] };
    t.after(() => cluster.down());
  });

  const up = (env = {}) =>
    compose.upAll({ ...options, env: { ...options.env, ...env }, commandOptions: ['--wait', '--pull', 'missing'] });

  test('say what they are', async () => {
    for (const service of SERVICES) {
      const labels = JSON.parse(
        await docker('image', 'inspect', '--format', '{{json .Config.Labels}}', image(service)),
      );
      const own = Object.entries(labels).filter(([name]) => name.startsWith('org.opencontainers.image.'));
      assert.deepEqual(Object.fromEntries(own), {
        'org.opencontainers.image.title': `container-counter ${service}`,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.licenses': 'MIT',
        'org.opencontainers.image.source': 'https://example.com/counter',
        'org.opencontainers.image.revision': 'abc',
      });
    }
    assert.equal(await docker('run', '--rm', image('cli'), '--version'), version);
  });

  test('run from the registry, in the version that the proxy reports', async () => {
    const digest = await digestOf('web');
    await docker('rmi', '--force', ...SERVICES.map(image)); // so that they must be pulled
    await up();
    assert.match((await hit(cluster.url)).body, /^hit 1 /);
    assert.equal(await digestOf('web'), digest);
    const { upstreams } = (await (await fetch(`${cluster.url}/-/upstreams`)).json()) as {
      upstreams: { version?: string }[];
    };
    assert.deepEqual(
      upstreams.map((upstream) => upstream.version),
      [version, version, version],
    );
  });

  test('can be pinned by their digests', async () => {
    const pinned = `${prefix}/web@${await digestOf('web')}`;
    await up({ WEB_IMAGE: pinned });
    assert.equal(await docker('inspect', '--format', '{{.Config.Image}}', await cluster.container('web')), pinned);
    assert.match((await hit(cluster.url)).body, /^hit 2 /);
  });
});
