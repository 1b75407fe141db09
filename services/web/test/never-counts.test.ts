// Everything but GET / leaves the counter alone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const CALLS: readonly (readonly ['get' | 'head' | 'post' | 'put' | 'options', string, number])[] = [
  ['head', '/', 200],
  ['post', '/', 405],
  ['put', '/', 405],
  ['options', '/', 405],
  ['get', '/favicon.ico', 404],
  ['get', '/robots.txt', 404],
  ['get', '/counts', 200],
  ['head', '/counts', 200],
  ['get', '/page/1/main.ts', 200],
  ['head', '/page/1/base.css', 200],
  ['get', '/page/1/none.js', 404],
  ['get', '/live', 426],
  ['get', '/healthz', 200],
  ['head', '/healthz', 200],
  ['get', '/readyz', 200],
  ['head', '/readyz', 200],
  ['get', '/redis/get?key=none', 404],
];

test('what never counts', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);

  for (const [method, path, status] of CALLS) {
    await t.test(`${method.toUpperCase()} ${path}`, async () => {
      const response = await request(url)[method](path);
      assert.equal(response.status, status);
      assert.deepEqual(await keys.keys('*'), []);
    });
  }

  await t.test('HEAD / has the headers of the text, and no body', async () => {
    const { headers, text } = await request(url).head('/');
    const { 'content-type': type, 'cache-control': cache, vary } = headers;
    assert.deepEqual([type, cache, vary], ['text/plain; charset=utf-8', 'no-store', 'Accept']);
    assert.equal(text ?? '', '');
  });

  await t.test('a request with a bad key', async () => {
    assert.equal((await request(url).get('/').set('Idempotency-Key', 'two words')).status, 400);
    assert.deepEqual(await keys.keys('*'), []);
  });
});
