// A Redis that is full: records are refused first, with 507, and counting continues in the memory reserved for it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

test('a Redis with a limit', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t, { args: ['--maxmemory', '16mb'] });
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);
  let stored = 0;
  let text = '';

  await t.test('takes records up to a part of it', async () => {
    for (let status = 200; status === 200; stored += 1) {
      const response = await request(url).put(`/redis/record-${stored}`).send(Buffer.alloc(65_536, 'x'));
      status = response.status;
      text = response.text;
      if (status !== 200) assert.equal(status, 507);
    }
    assert.match(
      text,
      /^Redis is full: 12 of 16 MiB are in use, and the rest is kept for counting\. Delete records with redis-cli del, or raise maxmemory\.\n$/,
    );
    const more = (key: string) =>
      request(url).put(`/redis/${key}`).set('Accept', 'application/json').send(Buffer.alloc(65_536));
    let problem = await more('more');
    // What connections held for a moment may be free again.
    for (let i = 0; problem.status === 200; i += 1) problem = await more(`more-${i}`);
    assert.deepEqual([problem.status, problem.body.title], [507, 'Insufficient Storage']);
    await request(url).get('/redis/get?key=record-0').expect(200);
  });

  await t.test('is ready, and counts', async () => {
    for (let i = 1; i <= 100; i++) {
      await request(url).get('/').set('Idempotency-Key', `${i}`).expect(200, `hit ${i} served by web1 (127.0.0.1)\n`);
    }
    await request(url).get('/readyz').expect(200);
  });

  await t.test('without any memory counts nothing, is not ready, and says why', async () => {
    await keys.config('SET', 'maxmemory', '1mb');
    const sentence = `Redis at 127.0.0.1:${redis.port} has used all of its memory (maxmemory) and stores nothing more. Delete records, or raise the limit, as with redis-cli config set maxmemory 512mb.\n`;
    await request(url).get('/').set('Idempotency-Key', 'new').expect(503, sentence);
    await request(url).get('/readyz').expect(503, sentence);
    await request(url).get('/redis/set?key=x&value=1').expect(507);
    const { body } = await request(url).get('/counts').expect(200);
    assert.equal(body.requests, 100);
    assert.equal(await keys.get('requests'), '100');
  });

  await t.test('continues with records once there is memory again', async () => {
    await keys.config('SET', 'maxmemory', '0');
    await request(url).get('/readyz').expect(200);
    await request(url).get('/').set('Idempotency-Key', 'new').expect(200, 'hit 101 served by web1 (127.0.0.1)\n');
    await request(url).put('/redis/more').send('1').expect(200);
  });
});

test('a user who may not ask for the memory has the limit of Redis itself', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t, { args: ['--maxmemory', '1mb'] });
  const keys = openRedis(t, redis.url);
  await keys.call('ACL', 'SETUSER', 'web', 'on', '>secret', '~*', '&*', '+@all', '-info');
  const { url } = await startReplica(t, redis.url.replace('//', '//web:secret@'));
  const { status, text } = await request(url).get('/redis/set?key=x&value=1').set('Idempotency-Key', 'a');
  assert.equal(status, 507, text);
  assert.match(text, /has used all of its memory \(maxmemory\)/);
  assert.deepEqual(await keys.keys('*'), []);
});
