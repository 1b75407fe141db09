// The help of every command, byte for byte. After a change: npx counter hit --help > services/counter-cli/test/help/hit.txt
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { cli } from './cli.ts';

const snapshot = (name: string) => readFile(new URL(`help/${name}.txt`, import.meta.url), 'utf8');

test('counter --help', async () => {
  assert.deepEqual(await cli(['--help']), { code: 0, out: await snapshot('counter'), err: '' });
});

for (const command of [
  'hit',
  'counts',
  'keys',
  'reset',
  'completion',
  'up',
  'down',
  'status',
  'watch',
  'why',
  'inspect',
  'compare',
  'topologies',
  'audit',
  'lab',
]) {
  test(`counter ${command} --help`, async () => {
    assert.deepEqual(await cli([command, '--help']), { code: 0, out: await snapshot(command), err: '' });
  });
  test(`counter help ${command}`, async () => {
    assert.deepEqual(await cli(['help', command]), { code: 0, out: await snapshot(command), err: '' });
  });
}

for (const command of ['list', 'run', 'check']) {
  test(`counter lab ${command} --help`, async () => {
    const expected = { code: 0, out: await snapshot(`lab-${command}`), err: '' };
    assert.deepEqual(await cli(['lab', command, '--help']), expected);
    assert.deepEqual(await cli(['lab', 'help', command]), expected);
  });
}

test('counter --version', async () => {
  assert.deepEqual(await cli(['--version']), { code: 0, out: '0.1.0\n', err: '' });
});
