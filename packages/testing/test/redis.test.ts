// A Redis that finds its port taken, by a program that did not reserve it, is restarted on another.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { start } from '@container-counter/testing/process';
import { noRedis } from '@container-counter/testing/redis';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

const which = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).stdout.trim();

test('a port that is taken after all', { skip: noRedis() }, async (t) => {
  const real = which('redis-server') || which('valkey-server');
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const folder = await temporaryFolder(t, 'path');

  // The first time, it gets the port of the other program instead.
  const wrapper = `#!/bin/sh
case $1 in --version) exec ${real} --version ;; esac
if mkdir ${folder}/first 2>/dev/null; then set -- "$@" --port ${(other.address() as AddressInfo).port}; fi
exec ${real} "$@"
`;
  await writeFile(join(folder, 'redis-server'), wrapper, { mode: 0o755 });
  const script = `
    import { withCleanup } from '@container-counter/testing/cleanup';
    import { startRedis } from '@container-counter/testing/redis';
    await withCleanup(async (t) => {
      const { program } = await startRedis(t);
      console.log('started', program.lines.some((line) => line.includes('in use')));
    });`;
  const PATH = `${folder}:${process.env['PATH']}`;
  const program = start(t, process.execPath, ['--input-type=module', '--eval', script], { PATH });
  const ended = once(program.child, 'exit');
  assert.equal(await program.line(/^started /), 'started false');
  assert.deepEqual(await ended, [0, null]);
});
