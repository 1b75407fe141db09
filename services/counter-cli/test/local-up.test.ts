// `counter up local`: the whole cluster as processes, which counts, recovers by itself, and leaves nothing behind.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { start } from '@container-counter/testing/process';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { isAlive } from '../src/local/state.ts';
import type { Status } from '../src/status.ts';
import { cli } from './cli.ts';
import { isGone, localEnvironment, startLocal, until } from './local.ts';

const LIMIT = { skip: noRedis() };

test('hits are shared equally, and a replica that dies is named and restarted', LIMIT, async (t) => {
  const { up, env, state } = await startLocal(t);
  await up.line(/^Redis is .*(redis|valkey)-server, and keeps its data in /);
  const { code, out } = await cli(['hit', '-n', '99'], { env });
  assert.equal(code, 0);
  const why = `${out}\n${up.lines.filter((line) => line.includes('unhealthy')).join('\n')}`;
  for (const name of ['web1', 'web2', 'web3'])
    assert.ok(new RegExp(`^${name} +127\\.0\\.0\\.1 +33 +33\\.3%`, 'm').test(out), why);

  const victim = (await state()).processes.find(({ name }) => name === 'web2')?.pid;
  assert.ok(victim);
  process.kill(victim, 'SIGKILL');
  await up.line(/^web2 died of SIGKILL; restarting in 0\.25 s\.$/);
  await up.line(/^proxy \| .*"name":"web2".*upstream is unhealthy/);
  const pid = async () => (await state()).processes.find(({ name }) => name === 'web2')?.pid ?? victim;
  await until(async () => (await pid()) !== victim);
  await until(async () => !(await isGone(`${Number(env['WEB_PORT']) + 1}`)));

  const pids = (await state()).processes.map(({ pid }) => pid ?? 0);
  assert.equal(await up.stop('SIGTERM'), 0);
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(existsSync(join(env['LOCAL_DATA'] ?? '', 'local.json')), false);
  const order = ['proxy', 'web1', 'redis'].map((name) => lastLine(up.lines, name));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
    'the proxy stops first, and Redis last',
  );
});

test('status shows it, a second one refuses, and down stops it', LIMIT, async (t) => {
  const { up, env } = await startLocal(t);
  const shown = await cli(['status', '--json'], { env: { ...env, PATH: '' } });
  assert.equal(shown.code, 0);
  const status = JSON.parse(shown.out) as Status;
  assert.equal(status.noContainers, 'no Docker Engine is running');
  assert.equal(status.up[0]?.variant, 'local');
  assert.equal(status.up[0]?.url, `http://localhost:${env['PROXY_PORT']}`);
  assert.deepEqual(
    status.up[0]?.parts.map(({ name, addresses }) => `${name} ${addresses}`),
    [
      `redis 127.0.0.1:${env['LOCAL_REDIS_PORT']}`,
      ...[0, 1, 2].map((i) => `web${i + 1} 127.0.0.1:${Number(env['WEB_PORT']) + i}`),
      `proxy 127.0.0.1:${env['PROXY_PORT']}`,
    ],
  );

  const second = await cli(['up', 'local'], { env });
  assert.equal(second.code, 1);
  assert.match(
    second.err,
    /^Already running at http:\/\/localhost:\d+ \(process \d+\)\. "counter down local" stops it\.\n$/,
  );

  const ended = up.line(/^Stopped\.$/);
  assert.deepEqual(await cli(['down', 'local'], { env }), { code: 0, out: 'local stopped\n', err: '' });
  await ended;
  assert.equal(await up.stop(), 0);
  const nothing = await cli(['status'], { env: { ...env, PATH: '' } });
  assert.match(nothing.out, /^nothing is running$/m);
  assert.deepEqual(await cli(['down', 'local'], { env }), { code: 0, out: 'local was not running\n', err: '' });
});

test('what was counted is still there the next time, until down --volumes', LIMIT, async (t) => {
  const first = await startLocal(t);
  await cli(['hit', '-n', '3'], { env: first.env });
  assert.equal(await first.up.stop('SIGTERM'), 0);

  const second = await startLocal(t, first.env);
  assert.match((await cli(['counts'], { env: first.env })).out, /^3 hits$/m);
  const down = await cli(['down', 'local', '--volumes'], { env: first.env });
  assert.deepEqual(down.code, 2, 'nobody can be asked');
  await cli(['down', 'local', '--volumes', '--yes'], { env: first.env });
  assert.equal(await second.up.stop(), 0);

  const third = await startLocal(t, first.env);
  assert.equal((await cli(['counts'], { env: first.env })).out, 'no hits yet\n');
  await cli(['hit'], { env: first.env });
  assert.equal(await third.up.stop('SIGTERM'), 0);
  const stopped = await cli(['down', '--volumes', '--yes'], { env: { ...first.env, PATH: '' } });
  assert.deepEqual(stopped, { code: 0, out: 'local was not running\n', err: '' });
  assert.equal(existsSync(join(first.env['LOCAL_DATA'] ?? '', 'redis')), false);
});

test('down --volumes deletes nothing under a Redis that it did not find, and did not stop', LIMIT, async (t) => {
  const env = await localEnvironment(t);
  const folder = join(env['LOCAL_DATA'] ?? '', 'redis');
  await mkdir(folder);
  await startRedis(t, { port: Number(env['LOCAL_REDIS_PORT']), args: ['--dir', folder] });
  const { code, err } = await cli(['down', '--volumes', '--yes'], { env: { ...env, PATH: '' } });
  assert.equal(
    err,
    `The Redis at 127.0.0.1:${env['LOCAL_REDIS_PORT']} still keeps its data in ${folder}. Stop it first: Ctrl-C, where "counter up local" runs.\n`,
  );
  assert.deepEqual([code, existsSync(folder)], [1, true]);
});

test('one that is suspended is stopped too', LIMIT, async (t) => {
  const { up, env } = await startLocal(t);
  up.child.kill('SIGSTOP');
  assert.deepEqual(await cli(['down', 'local'], { env }), { code: 0, out: 'local stopped\n', err: '' });
  assert.equal(await up.stop(), 0);
});

test('one that was started by another name is found and stopped', LIMIT, async (t) => {
  const env = await localEnvironment(t);
  const cwd = new URL('../src', import.meta.url).pathname;
  const up = start(t, 'sh', ['-c', `cd '${cwd}' && exec '${process.execPath}' main.ts up local`], env);
  await up.line(/^The counter is up: /);
  assert.match((await cli(['status'], { env: { ...env, PATH: '' } })).out, /^local: http/m);
  assert.deepEqual(await cli(['down', 'local'], { env }), { code: 0, out: 'local stopped\n', err: '' });
  assert.equal(await up.stop(), 0);
});

test('it runs, and says so, where it cannot note that it does', LIMIT, async (t) => {
  const env = await localEnvironment(t);
  await mkdir(join(env['LOCAL_DATA'] ?? '', 'local.json.new'), { recursive: true }); // as on a full disk
  const { up } = await startLocal(t, env);
  await up.line(/^"counter status" and "counter down" may not find this cluster: EISDIR.*\.$/);
  assert.equal((await cli(['hit'], { env })).code, 0);
  assert.equal(await up.stop('SIGTERM'), 0);
});

const lastLine = (lines: readonly string[], name: string): number =>
  lines.findLastIndex((line) => line.startsWith(`${name.padEnd(5)} |`));
