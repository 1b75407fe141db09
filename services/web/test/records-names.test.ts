// A record may not take, and not show, a name of the counter.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const RESERVED = ['requests', 'counters', 'ip', 'hits', 'seen:', 'seen:0', 'seen:3', 'seen:anything'];
const FREE = ['Requests', 'request', 'requests2', 'ips', 'hit', 'seen', 'counters:web1', ' requests'];

test('names of records', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);

  for (const key of RESERVED) {
    await t.test(`${key} is reserved`, async () => {
      const sentence = `The key "${key}" belongs to the counter. Choose another, or read it at /counts.\n`;
      const first = `%${key.charCodeAt(0).toString(16)}${key.slice(1)}`; // the same name, written otherwise
      for (const written of [key, first]) {
        await request(url).get(`/redis/set?key=${written}&value=1`).expect(409, sentence);
        await request(url).put(`/redis/${written}`).send('1').expect(409, sentence);
        await request(url).get(`/redis/get?key=${written}`).expect(409, sentence);
      }
      assert.deepEqual(await keys.keys('*'), []);
    });
  }

  for (const key of FREE) {
    await t.test(`"${key}" is free`, async () => {
      await request(url)
        .get(`/redis/set?key=${encodeURIComponent(key)}&value=1`)
        .expect(200, 'success\n');
      assert.equal(await keys.getdel(key), '1');
    });
  }
});
