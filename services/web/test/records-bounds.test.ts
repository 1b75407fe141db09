// How long a key and a value may be.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const KEY_SENTENCE = 'The key has 513 bytes; at most 512 are allowed. Choose a shorter one.\n';
const VALUE_SENTENCE = 'The value is larger than 65536 bytes. Store a shorter one.\n';

test('bounds of records', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url, port } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);

  await t.test('a key of 512 bytes is stored', async () => {
    const key = 'k'.repeat(512);
    await request(url).get(`/redis/set?key=${key}&value=1`).expect(200, 'success\n');
    await request(url).get(`/redis/get?key=${key}`).expect(200, '1');
  });

  await t.test('a key of 513 bytes is not, and bytes are counted, not characters', async () => {
    await request(url)
      .get(`/redis/set?key=${'k'.repeat(513)}&value=1`)
      .expect(400, KEY_SENTENCE);
    await request(url)
      .put(`/redis/${'%E2%82%AC'.repeat(170)}ab`)
      .send('1')
      .expect(200, 'success\n');
    await request(url)
      .get(`/redis/get?key=${'%E2%82%AC'.repeat(171)}`)
      .expect(400, KEY_SENTENCE);
  });

  await t.test('a value of 65536 bytes is stored', async () => {
    const value = 'v'.repeat(65_536);
    await request(url).put('/redis/long').send(value).expect(200, 'success\n');
    await request(url).get('/redis/get?key=long').expect(200, value);
  });

  await t.test('a value of 65537 bytes is not', async () => {
    await keys.set('long', 'old');
    const put = request(url).put('/redis/long').set('X-Request-Id', 'too-long');
    await put.send('v'.repeat(65_537)).expect(413, VALUE_SENTENCE).expect('X-Served-By', 'web1');
    assert.equal(await keys.get('long'), 'old');
  });

  await t.test('nor is one that does not tell its length beforehand', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly [number | undefined, string]>();
    const put = httpRequest({ port, host: '127.0.0.1', method: 'PUT', path: '/redis/long' }, async (res) =>
      resolve([res.statusCode, await text(res)]),
    );
    put.on('error', reject);
    for (let i = 0; i < 5; i++) put.write(Buffer.alloc(16_384));
    put.end();
    assert.deepEqual(await promise, [413, VALUE_SENTENCE]);
    assert.equal(await keys.get('long'), 'old');
  });
});
