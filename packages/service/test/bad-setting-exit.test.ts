// How a process ends that cannot start: a bad setting is a sentence and exit code 2, a fault of ours is a stack and 1.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

const runMain = (body: string) => {
  const code = `
    import { port, readEnvironment } from '@container-counter/service/environment';
    import { run } from '@container-counter/service/lifecycle';
    await run(async () => { ${body} });`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    env: { PORT: 'eighty' },
    encoding: 'utf8',
    timeout: 10_000,
  });
};

test('a bad setting', () => {
  const { status, stdout, stderr } = runMain('readEnvironment(process.env, { PORT: port() });');
  assert.equal(stderr, 'PORT="eighty" cannot be used: it must be a whole number from 0 to 65535.\n');
  assert.deepEqual([status, stdout], [2, '']);
});

test('a bad setting that shows when something runs already', () => {
  const { status } = runMain('setInterval(() => {}, 60_000); readEnvironment(process.env, { PORT: port() });');
  assert.equal(status, 2);
});

test('any other error', () => {
  const { status, stderr } = runMain("throw new Error('a fault of ours');");
  assert.equal(status, 1);
  assert.match(stderr, /Error: a fault of ours\n\s+at /);
});

test('no error', () => assert.equal(runMain('').status, 0));
