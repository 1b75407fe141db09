// However `counter up local` ends, its children end too.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { cli } from './cli.ts';
import { hasEnded, isGone, localEnvironment, startLocal, until } from './local.ts';

const LIMIT = { skip: noRedis() };

test('killed: the watchdog ends them, and the file that is left is known to be stale', LIMIT, async (t) => {
  const { up, env, state } = await startLocal(t);
  const { processes } = await state();
  assert.equal(processes.length, 5);
  assert.equal(await up.stop('SIGKILL'), 'SIGKILL');
  for (const { pid } of processes) await until(async () => hasEnded(pid));
  const { out } = await cli(['status'], { env: { ...env, PATH: '' } });
  assert.match(out, /^nothing is running$/m);
});

test('killed, and Redis cannot save its data, so that it refuses to stop: it ends as well', LIMIT, async (t) => {
  const { up, env, state } = await startLocal(t);
  const { processes } = await state();
  t.after(() => {
    for (const { pid } of processes) if (pid !== null && !hasEnded(pid)) process.kill(pid, 'SIGKILL');
  });
  assert.equal((await cli(['hit'], { env })).code, 0);
  await rm(env['LOCAL_DATA'] ?? '', { recursive: true });
  assert.equal(await up.stop('SIGKILL'), 'SIGKILL');
  for (const { pid } of processes) await until(async () => hasEnded(pid));
});

test('Ctrl-C reaches the whole group of the terminal: all stop in order, with exit code 0', LIMIT, async (t) => {
  const env = await localEnvironment(t);
  const main = new URL('../src/main.ts', import.meta.url).pathname;
  const up = spawn(process.execPath, [main, 'up', 'local'], {
    env: { PATH: process.env['PATH'], ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => up.kill('SIGKILL'));
  const lines: string[] = [];
  for await (const line of createInterface(up.stdout)) {
    lines.push(line);
    if (line.startsWith('The counter is up')) process.kill(-(up.pid ?? 0), 'SIGINT');
  }
  if (up.exitCode === null) await once(up, 'exit');
  assert.equal(up.exitCode, 0);
  assert.ok(lines.includes('SIGINT: stopping.'));
  assert.equal(lines.at(-1), 'Stopped.');
  assert.deepEqual(
    lines.filter((line) => / died of | ended with /.test(line)),
    [],
  );
  for (const port of [env['PROXY_PORT'], env['WEB_PORT'], env['LOCAL_REDIS_PORT']]) assert.ok(await isGone(port));
});
