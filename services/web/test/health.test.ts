// The probes: alive without Redis, ready only with it, and not while draining.
import assert from 'node:assert/strict';
import test from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { startReplica } from './replica.ts';

test('with Redis', { skip: noRedis() }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url);
  await request(url).get('/healthz').expect(200, 'alive\n');
  await request(url).get('/readyz').expect(200, 'ready\n');
});

test('without Redis', async (t) => {
  const port = await freePort();
  const { url } = await startReplica(t, `redis://127.0.0.1:${port}`);
  await request(url).get('/healthz').expect(200, 'alive\n');
  const { status, text } = await request(url).get('/readyz');
  assert.equal(status, 503);
  assert.match(text, new RegExp(`^Redis at 127\\.0\\.0\\.1:${port} refused the connection: `));
});

test('while draining', { skip: noRedis() }, async (t) => {
  const { url, draining } = await startReplica(t, (await startRedis(t)).url);
  const before = await request(url).get('/').set('Connection', 'keep-alive');
  assert.equal(before.headers['connection'], 'keep-alive');
  draining.abort();
  await request(url).get('/readyz').expect(503, 'This replica is stopping. Try another one.\n');
  await request(url).get('/healthz').expect(200, 'alive\n');
  const { text, headers } = await request(url).get('/').set('Connection', 'keep-alive');
  assert.deepEqual([text, headers['connection']], ['hit 2 served by web1 (127.0.0.1)\n', 'close']);
});
