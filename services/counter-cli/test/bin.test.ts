// What npm runs as `counter`: the command itself, or a sentence where Node cannot run TypeScript.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const BIN = new URL('../bin/counter.js', import.meta.url).pathname;

const counter = (...options: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, BIN, '--version'], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('runs the command', () => {
  assert.deepEqual(counter(), { status: 0, stdout: '0.1.0\n', stderr: '' });
});

test('says so where Node cannot run TypeScript, as Node 20 cannot', () => {
  const { status, stdout, stderr } = counter('--no-strip-types');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(
    stderr,
    /^Node v[\d.]+ cannot run the counter, .* run "npx counter", or put node_modules\/\.bin first on the PATH\.\n$/,
  );
});
