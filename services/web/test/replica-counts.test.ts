// Several replicas share one number, and each has its own count beside it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { startReplica } from './replica.ts';

test('two replicas on one Redis', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const [web1, web2] = [
    await startReplica(t, redis.url, { name: 'web1' }),
    await startReplica(t, redis.url, { name: 'web2' }),
  ];
  const hit = async (url: string) => {
    const { requests, servedBy, replica } = (await request(url).get('/').set('Accept', 'application/json')).body;
    return [requests, servedBy, replica.hits];
  };

  assert.deepEqual(await hit(web1.url), [1, 'web1', 1]);
  assert.deepEqual(await hit(web2.url), [2, 'web2', 1]);
  assert.deepEqual(await hit(web2.url), [3, 'web2', 2]);

  const { status, headers, body, text } = await request(web1.url).get('/counts');
  assert.deepEqual([status, headers['content-type']], [200, 'application/json']);
  assert.deepEqual(body, { requests: 3, replicas: { web2: 2, web1: 1 }, clients: { '127.0.0.1': 3 } });
  assert.ok(text.endsWith('}\n'));
});

test('nothing was counted yet', { skip: noRedis() }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url);
  assert.deepEqual((await request(url).get('/counts')).body, { requests: 0, replicas: {}, clients: {} });
});
