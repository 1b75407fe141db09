// A command whose output cannot be written says so and fails, unless nobody reads it any more.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

const shell = (command: string) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, MAIN], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('its disk is full', { skip: !existsSync('/dev/full') && 'there is no /dev/full' }, () => {
  const stderr =
    'Standard output could not be written: ENOSPC: no space left on device, write. Free some space, or redirect it.\n';
  assert.deepEqual(shell('"$0" "$1" completion bash > /dev/full'), { status: 1, stdout: '', stderr });
});

test('its reader has gone', () => {
  assert.deepEqual(shell('exec > >(true); wait $!; "$0" "$1" completion bash'), { status: 0, stdout: '', stderr: '' });
});
