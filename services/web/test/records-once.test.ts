// A record that is stored once for each idempotency key: a late repeat does not restore an old value.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { SCRIPTS } from '../src/scripts.ts';
import { openRedis, startReplica } from './replica.ts';

const FORMS = {
  'GET /redis/set': (url: string, key: string, value: string) =>
    request(url).get(`/redis/set?key=${key}&value=${value}`),
  'PUT /redis/set': (url: string, key: string, value: string) => request(url).put(`/redis/${key}`).send(value),
};

test('repeats of records', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const [web1, web2] = [await startReplica(t, redis.url), await startReplica(t, redis.url, { name: 'web2' })];
  const keys = openRedis(t, redis.url);

  for (const [name, store] of Object.entries(FORMS)) {
    await t.test(`${name}: a late repeat changes nothing`, async () => {
      const key = `late-${name.slice(0, 3)}`;
      await store(web1.url, key, '1').set('Idempotency-Key', `${name}1`.replaceAll(' ', '')).expect(200, 'success\n');
      await store(web2.url, key, '2').set('Idempotency-Key', `${name}2`.replaceAll(' ', '')).expect(200, 'success\n');
      await store(web2.url, key, '1').set('Idempotency-Key', `${name}1`.replaceAll(' ', '')).expect(200, 'success\n');
      assert.equal(await keys.get(key), '2');
    });
  }

  await t.test('without a key each request stores', async () => {
    for (const value of ['1', '2', '1']) await FORMS['GET /redis/set'](web1.url, 'free', value).expect(200);
    assert.equal(await keys.get('free'), '1');
  });

  await t.test('a hit and a record may have the same key', async () => {
    await request(web1.url).get('/').set('Idempotency-Key', 'both').expect(200);
    await FORMS['GET /redis/set'](web1.url, 'both', '1').set('Idempotency-Key', 'both').expect(200);
    assert.equal(await keys.get('both'), '1');
    await request(web1.url).get('/').set('Idempotency-Key', 'both').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
  });

  await t.test('two records may not', async () => {
    const sentence = 'This Idempotency-Key was already used for another record. Send a new one with each record.\n';
    await FORMS['GET /redis/set'](web1.url, 'ab', 'c').set('Idempotency-Key', 'used').expect(200);
    await FORMS['GET /redis/set'](web1.url, 'ab', 'd').set('Idempotency-Key', 'used').expect(422, sentence);
    await FORMS['GET /redis/set'](web1.url, 'a', 'bc').set('Idempotency-Key', 'used').expect(422, sentence);
    assert.deepEqual([await keys.get('ab'), await keys.get('a')], ['c', null]);
  });

  await t.test('a key that cannot be used is refused', async () => {
    await FORMS['PUT /redis/set'](web1.url, 'k', '1').set('Idempotency-Key', 'two words').expect(400);
    assert.equal(await keys.get('k'), null);
  });

  await t.test('the keys expire within a minute', async () => {
    const windows = await keys.keys('seen:*');
    assert.ok(windows.length > 0);
    for (const window of windows) assert.ok((await keys.ttl(window)) <= 60 && (await keys.ttl(window)) > 0);
  });

  await t.test('so do those that were stored while the clock of Redis was ahead', async () => {
    const windows = [0, 1, 2, 3].map((number) => `seen:${number}`);
    for (const [name, store] of Object.entries({ ...FORMS, hit: (url: string) => request(url).get('/') })) {
      for (const window of windows) await keys.multi().hset(window, 'old', '1').expire(window, 100_000).exec();
      await store(web1.url, 'ahead', '1')
        .set('Idempotency-Key', `${name.slice(0, 3)}-ahead`)
        .expect(200);
      const left = await Promise.all(windows.map((window) => keys.ttl(window)));
      assert.equal(left.filter((seconds) => seconds > 0 && seconds <= 60).length, 1, `${name}: ${left}`);
    }
  });

  await t.test('what has waited for more than 20 s, wherever it was, is refused', async () => {
    const [seconds] = await keys.time();
    const before = (await keys.keys('*')).sort();
    for (const shift of [-22, 22]) {
      const once = [Number(seconds) + shift, 'seen:'];
      const hit = keys.eval(SCRIPTS.hit.lua, 3, 'requests', 'counters', 'ip', ...once, 'web1', 'k', '10.0.0.1', 'id 1');
      await assert.rejects(hit, /^ReplyError: LATE \d+/);
      const record = keys.eval(SCRIPTS.record.lua, 1, 'x', ...once, 'k', '1', 'mark', 1);
      await assert.rejects(record, /^ReplyError: LATE \d+/);
    }
    assert.deepEqual((await keys.keys('*')).sort(), before);
  });
});
