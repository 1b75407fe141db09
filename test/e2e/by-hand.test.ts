// The cluster by hand, as the lessons build it: docker build, docker run, links, networks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { hit } from '../support/load.ts';
import { docker, noEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

describe('containers made by hand', { skip: noEngine() }, () => {
  const made: string[] = [];
  const run = async (...args: string[]) => {
    const id = await docker('run', '--detach', ...args);
    made.push(id);
    return id;
  };
  before(async () => {
    await docker('build', '--quiet', '--tag', 'lab3/web', '--target', 'web', ROOT);
    await docker('build', '--quiet', '--tag', 'lab3/proxy', '--target', 'proxy', ROOT);
  });
  after(async () => {
    await docker('rm', '--force', '--volumes', ...made);
    await docker('network', 'rm', '--force', 'lab-backend', 'lab-frontend');
  });

  const answersOn = async (port: number) => {
    await eventually(async () => assert.equal((await hit(`http://127.0.0.1:${port}/readyz`)).status, 200));
    return (await hit(`http://127.0.0.1:${port}`)).body;
  };

  test('work with a legacy link to Redis', async () => {
    const port = await freePort();
    const redis = await run('--name', 'lab-redis-server', 'redis');
    const web = await run('--publish', `${port}:3000`, '--link', 'lab-redis-server:redis', 'lab3/web');
    assert.match(await answersOn(port), new RegExp(`^hit 1 served by ${web.slice(0, 12)} \\(172\\.`));
    assert.equal(await docker('exec', redis, 'redis-cli', 'get', 'requests'), '1');
  });

  test('work on networks, with Redis under the name redis or db, and the proxy in front', async () => {
    await docker('network', 'create', '--internal', 'lab-backend');
    await docker('network', 'create', 'lab-frontend');
    await run(
      '--network',
      'lab-backend',
      '--name',
      'lab-db',
      '--network-alias',
      'redis',
      '--network-alias',
      'db',
      'redis',
    );
    for (const [name, url] of [
      ['lab-web1', []],
      ['lab-web2', ['--env', 'REDIS_URL=redis://db:6379']],
    ] as const) {
      await run('--network', 'lab-frontend', '--name', name, ...url, 'lab3/web');
      await docker('network', 'connect', 'lab-backend', name);
    }
    const port = await freePort();
    const upstreams = 'UPSTREAMS=lab-web1:3000,lab-web2:3000';
    await run('--network', 'lab-frontend', '--publish', `${port}:8080`, '--env', upstreams, 'lab3/proxy');
    await eventually(async () => {
      const { body } = await hit(`http://127.0.0.1:${port}/-/upstreams`);
      assert.equal(body.split('"healthy"').length - 1, 2, body);
    });
    const served = [];
    for (let i = 0; i < 4; i += 1) served.push((await hit(`http://127.0.0.1:${port}`)).servedBy);
    assert.deepEqual(served, ['lab-web1', 'lab-web2', 'lab-web1', 'lab-web2']);
  });

  test('say what is missing when there is no Redis under the name', async () => {
    const port = await freePort();
    await run('--publish', `${port}:3000`, 'lab3/web');
    await eventually(async () => {
      const { status, body } = await hit(`http://127.0.0.1:${port}`);
      assert.equal(status, 503);
      assert.match(body, /^Redis: the name "redis" does not resolve, because this container is on the default bridge/);
    });
  });

  test('stop within 10 seconds, without an init', async () => {
    const web = await run('lab3/web');
    await eventually(async () => assert.match(await docker('logs', web), /"listening"/));
    await docker('stop', web);
    assert.equal(await docker('inspect', '--format', '{{.State.ExitCode}}', web), '0');
  });
});
