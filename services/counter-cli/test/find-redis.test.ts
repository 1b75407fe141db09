// Which Redis a cluster without containers gets: a program on the PATH, and not a folder of that name.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { readConfig } from '../src/config.ts';
import { chooseRedis } from '../src/local/find-redis.ts';

test('a folder called redis-server is passed over', async (t) => {
  const [first, second] = [await temporaryFolder(t, 'path'), await temporaryFolder(t, 'path')];
  await mkdir(join(first, 'redis-server'));
  await writeFile(join(second, 'redis-server'), '', { mode: 0o755 });
  const { program } = chooseRedis(readConfig({}), { PATH: [first, second].join(delimiter) }, '/data');
  assert.equal(program?.command, join(second, 'redis-server'));
});
