// A Redis that asks for a password: the sentence says where to give it, and the password never shows.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
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
      const sentence = `Redis at 127.0.0.1:${port} asks for another password. Give it in the URL, as in redis://:PASSWORD@127.0.0.1:${port}.`;
      for (const path of ['/', '/counts', '/readyz']) await request(url).get(path).expect(503, `${sentence}\n`);
      assert.doesNotMatch(JSON.stringify(lines), /not-this-one/);
    });
  }
});
