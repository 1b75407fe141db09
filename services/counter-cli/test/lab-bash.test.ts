// A command of a lesson ends with its time limit and with Ctrl-C, whatever it has left in the background.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { bash } from '../src/lab/bash.ts';
import { hasEnded } from './local.ts';

const LIMIT = { timeout: 60_000 }; // sooner than the programs in the background end

const run = async (t: TestContext, command: string, seconds: number, stop = new AbortController().signal) => {
  const { code, output } = await bash(command, { cwd: '.', env: { PATH: process.env['PATH'] }, stop }, seconds);
  const pid = Number(output);
  t.after(() => hasEnded(pid) || process.kill(pid, 'SIGKILL'));
  return { code, pid };
};

const gone = (pid: number) => eventually(() => assert.ok(hasEnded(pid)));

test('at the limit, a program in the background that holds the output ends too', LIMIT, async (t) => {
  const { code, pid } = await run(t, 'sleep 600 & echo $!', 3);
  assert.equal(code, 0);
  await gone(pid);
});

test('on Ctrl-C, too', LIMIT, async (t) => {
  const { pid } = await run(t, 'sleep 600 & echo $!', 600, AbortSignal.timeout(3000));
  await gone(pid);
});

test('one that does not hold the output ends with the command', LIMIT, async (t) => {
  const { code, pid } = await run(t, 'sleep 600 >/dev/null 2>&1 & echo $!', 600);
  assert.equal(code, 0);
  await gone(pid);
});

test('one that has left the group does not hold the command beyond its limit', LIMIT, async (t) => {
  const { code } = await run(t, 'setsid sleep 600 & echo $!; kill -9 $$', 3);
  assert.equal(code, null);
});
