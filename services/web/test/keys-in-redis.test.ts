// What a student finds with redis-cli: the names, the types and the contents of all keys, and the message of a hit.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

test('keys in Redis', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const web1 = await startReplica(t, redis.url, { name: 'web1' });
  const web2 = await startReplica(t, redis.url, { name: 'web2' });
  const keys = openRedis(t, redis.url);
  const listener = openRedis(t, redis.url);
  const messages: string[] = [];
  const three = Promise.withResolvers<void>();
  listener.on('message', (channel, message) => {
    if (messages.push(`${channel}: ${message}`) === 3) three.resolve();
  });
  await listener.subscribe('hits');

  await request(web1.url).get('/').set('X-Request-Id', 'a');
  await request(web2.url).get('/').set('X-Request-Id', 'b');
  assert.deepEqual((await keys.keys('*')).sort(), ['counters', 'ip', 'requests']);
  await request(web2.url).get('/').set('X-Request-Id', 'c').set('Idempotency-Key', 'a-key');

  const names = (await keys.keys('*')).sort();
  const seen = names.at(-1) ?? '';
  assert.match(seen, /^seen:[0-3]$/);
  assert.deepEqual(names, ['counters', 'ip', 'requests', seen]);
  const types = await Promise.all(names.map((name) => keys.type(name)));
  assert.deepEqual(types, ['zset', 'hash', 'string', 'hash']);

  assert.equal(await keys.get('requests'), '3');
  assert.deepEqual(await keys.zrevrange('counters', 0, -1, 'WITHSCORES'), ['web2', '2', 'web1', '1']);
  assert.deepEqual(await keys.hgetall('ip'), { '127.0.0.1': '3' });
  assert.deepEqual(await keys.hgetall(seen), { 'a-key': '3' });
  const ttl = await keys.ttl(seen);
  assert.ok(ttl > 30 && ttl <= 60, `${seen} is gone in ${ttl} s`);
  for (const name of ['counters', 'ip', 'requests']) assert.equal(await keys.ttl(name), -1);

  await three.promise;
  assert.deepEqual(messages, [
    'hits: 1 web1 127.0.0.1 a 1',
    'hits: 2 web2 127.0.0.1 b 1',
    'hits: 3 web2 127.0.0.1 c 1',
  ]);
  await request(web1.url).get('/').set('Idempotency-Key', 'a-key'); // a repeat is no hit
  await request(web1.url).get('/').set('X-Request-Id', 'd').set('X-Attempt', '2');
  await listener.ping();
  assert.deepEqual(messages.slice(3), ['hits: 4 web1 127.0.0.1 d 2']);
});

test('beyond ten thousand client addresses, further ones are counted together', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);
  await keys.eval("for i = 1, 9999 do redis.call('HSET', 'ip', 'client-' .. i, 1) end", 0);
  await request(url).get('/').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
  await keys.hdel('ip', '127.0.0.1');
  await keys.hset('ip', 'client-10000', 1);
  for (const number of [2, 3]) await request(url).get('/').expect(200, `hit ${number} served by web1 (127.0.0.1)\n`);
  assert.deepEqual(await keys.hmget('ip', '127.0.0.1', 'others'), [null, '2']);
  assert.equal(await keys.hlen('ip'), 10_001);
});

test('the message of a hit has its whole number, however large', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  await openRedis(t, redis.url).set('requests', '999999999999998');
  const listener = openRedis(t, redis.url);
  const messages: string[] = [];
  listener.on('message', (_channel, message) => messages.push(message));
  await listener.subscribe('hits');
  for (const id of ['a', 'b']) await request(url).get('/').set('X-Request-Id', id).expect(200);
  await listener.ping();
  assert.deepEqual(messages, ['999999999999999 web1 127.0.0.1 a 1', '1000000000000000 web1 127.0.0.1 b 1']);
});
