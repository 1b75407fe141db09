// What every response says: who served it, its request id, and that it must not be cached.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { startReplica } from './replica.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

test('headers of every response', { skip: noRedis() }, async (t) => {
  const { url, lines } = await startReplica(t, (await startRedis(t)).url, { name: 'web3' });
  const logged = (id: string | undefined) =>
    lines
      .filter(({ requestId }) => requestId === id)
      .map(({ level, method, url, status, message }) => ({ level, method, url, status, message }));

  for (const path of ['/', '/counts', '/healthz', '/readyz', '/nowhere', '/redis/set', '/redis/get?key=none']) {
    await t.test(path, async () => {
      const { headers } = await request(url).get(path);
      assert.equal(headers['x-served-by'], 'web3');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(headers['x-request-id'] ?? '', UUID);
      assert.deepEqual([headers['x-powered-by'], headers['etag']], [undefined, undefined]);
    });
  }

  await t.test('a given request id is in the response and in the log', async () => {
    const { headers } = await request(url).get('/').set('X-Request-Id', 'lesson-1.a');
    assert.equal(headers['x-request-id'], 'lesson-1.a');
    assert.deepEqual(logged('lesson-1.a'), [
      { level: 'info', method: 'GET', url: '/', status: 200, message: 'request' },
    ]);
  });

  await t.test('one that cannot be used is replaced', async () => {
    const { headers } = await request(url).get('/counts').set('X-Request-Id', 'two words');
    assert.match(headers['x-request-id'] ?? '', UUID);
    assert.equal(logged(headers['x-request-id']).length, 1);
    assert.deepEqual(logged('two words'), []);
  });

  await t.test('probes are logged at debug, so that the path of a hit is easy to see', async () => {
    await request(url).get('/readyz').set('X-Request-Id', 'probe-1');
    assert.deepEqual(
      logged('probe-1').map(({ level }) => level),
      ['debug'],
    );
  });
});
