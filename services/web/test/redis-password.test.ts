// A Redis that asks for a password: the sentence says where to give it, and the password never shows.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import request from 'supertest';
import { startReplica } from './replica.ts';

const PASSWORD = 'p@ss/w:rd%20';

test('a Redis with a password', { skip: noRedis() }, async (t) => {
  const { port } = await startRedis(t, { args: ['--requirepass', PASSWORD] });
  const urlWith = (password: string) => `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;

  await t.test('given in the URL', async () => {
    const { url, lines } = await startReplica(t, urlWith(PASSWORD));
    await request(url).get('/').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
    assert.ok(lines.some(({ message }) => message === 'connected to Redis'));
    assert.doesNotMatch(JSON.stringify(lines), /p@ss|p%40ss/);
  });

  for (const [name, redisUrl] of [
    ['not given', `redis://127.0.0.1:${port}`],
    ['another one given', urlWith('not-this-one')],
  ] as const) {
    await t.test(name, async () => {
      const { url, lines } = await startReplica(t, redisUrl);
      const sentence = `Redis at 127.0.0.1:${port} asks for another password. Give it in the URL, as in redis://:PASSWORD@127.0.0.1:${port}, or in the file that REDIS_PASSWORD_FILE names.`;
      for (const path of ['/', '/counts', '/readyz']) await request(url).get(path).expect(503, `${sentence}\n`);
      assert.doesNotMatch(JSON.stringify(lines), /not-this-one/);
    });
  }
});

test('a password in a file', { skip: noRedis() }, async (t) => {
  const { port } = await startRedis(t, { args: ['--requirepass', PASSWORD] });
  const folder = await temporaryFolder(t, 'secret');
  const REDIS_PASSWORD_FILE = join(folder, 'redis-password');
  const env = { REDIS_URL: `redis://127.0.0.1:${port}`, REDIS_PASSWORD_FILE, INSTANCE: 'web1' };
  await assert.rejects(startService(t, 'web', env), /REDIS_PASSWORD_FILE=".*" cannot be used: there is no such file\./);
  await writeFile(REDIS_PASSWORD_FILE, `${PASSWORD}\n`);
  const { url, lines, line } = await startService(t, 'web', env);
  await request(url).get('/').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
  await line(/"url":"\/"/);
  assert.doesNotMatch(lines.join(), /p@ss|p%40ss/);
});
