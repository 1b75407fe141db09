// The cluster on networks by Compose on the socket of Podman, with Podman's own network and name server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '@container-counter/testing/eventually';
import { docker, noPrivateEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const IMAGES = ['container-counter/web', 'container-counter/proxy', 'redis:8-alpine'];

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout.trimEnd();
const podman = (...args: string[]) => run('tools/engine/podman', ...args);
const inPodman = (...args: string[]) => podman('exec', ...args);
/** What `counter` says, also where it fails. */
const counter = (...args: string[]) =>
  inPodman('counter', ...args).catch(({ stdout }: { stdout?: string }) => String(stdout));

/** What a timer of systemd does for Podman, where that runs. */
const checkHealth = async (stop: AbortSignal): Promise<void> => {
  const socketPath = (await inPodman('printenv', 'DOCKER_HOST')).replace('unix://', '');
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      get({ socketPath, path: `/v5.0.0/libpod/containers/${path}` }, (res) => resolve(text(res))).on('error', reject);
    });
  while (!stop.aborted) {
    const running = JSON.parse(await ask('json')) as { Id: string }[];
    await Promise.all(running.map(({ Id }) => ask(`${Id}/healthcheck`)));
    await sleep(200);
  }
};

describe('on Podman', { skip: noPrivateEngine() }, () => {
  const stop = new AbortController();
  let checks: Promise<void> | undefined;
  const up = (...flags: string[]) => inPodman('docker', 'compose', 'up', '--detach', '--wait', ...flags);

  before(async () => {
    await docker('compose', 'build', '--quiet');
    await podman('up');
    await run('bash', '-c', `set -o pipefail; docker save ${IMAGES.join(' ')} | tools/engine/podman exec docker load`);
    checks = checkHealth(stop.signal);
    await Promise.race([up(), checks]);
  });
  after(async () => {
    stop.abort();
    await checks?.catch(() => {});
    await podman('down');
  });

  test('round robin over replicas with the names of their containers, which count exactly', async () => {
    const said = await counter('hit', '-n', '99');
    for (const i of [1, 2, 3]) assert.match(said, new RegExp(`^container-counter-web-${i} .*\\b33\\b`, 'm'));
    assert.match(said, /^the counter moved from 0 to 99: 99 hits, .*: exact$/m);
  });

  test('the proxy finds another replica by name', async () => {
    await up('--scale', 'web=4', '--no-recreate');
    await eventually(async () => assert.match(await counter('hit', '-n', '4'), /^container-counter-web-4 /m));
  });

  test('"counter why" knows its name server, and the proxy has no name for Redis', async () => {
    const web = await counter('why', '--from', 'container-counter-web-1', 'db');
    assert.match(web, /^ +resolver 10\.89\.\S+, \S+ \(Podman's aardvark-dns; Docker's is 127\.0\.0\.11\):$/m);
    assert.match(web, /^ +\S+ is container-counter-redis-1, where "db" is an alias of it$/m);
    assert.match(web, /^Reachable\.$/m);
    const look = (name: string) => inPodman('docker', 'exec', 'container-counter-proxy-1', 'nslookup', name);
    assert.match(await look('web'), /^Name:\s+web\.dns\.podman$/m);
    await assert.rejects(look('db'), { stdout: /NXDOMAIN/ });
  });

  test('"counter status" shows it, and "counter down" takes it away', async () => {
    assert.match(
      await counter('status'),
      /^container-counter-redis-1 +running, healthy +10\.89\.\S+ on backend-network$/m,
    );
    assert.match(await counter('down', '--volumes', '--yes'), /^networks stopped$/m);
    assert.equal(await inPodman('docker', 'ps', '--all', '--quiet'), '');
  });
});
