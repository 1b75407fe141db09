// A request that is repeated with its idempotency key is counted once, whichever replica it reaches.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

test('idempotency keys', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const web1 = await startReplica(t, redis.url, { name: 'web1' });
  const web2 = await startReplica(t, redis.url, { name: 'web2' });
  const keys = openRedis(t, redis.url);
  const hit = async (url: string, key: string) => {
    const { requests, servedBy, replica, client } = (
      await request(url).get('/').set('Accept', 'application/json').set('Idempotency-Key', key)
    ).body;
    return { requests, servedBy, hits: [replica.hits, client.hits] };
  };

  await t.test('a repeat has the same number, on the same replica and on another', async () => {
    assert.deepEqual(await hit(web1.url, 'a'), { requests: 1, servedBy: 'web1', hits: [1, 1] });
    assert.deepEqual(await hit(web1.url, 'a'), { requests: 1, servedBy: 'web1', hits: [1, 1] });
    assert.deepEqual(await hit(web2.url, 'b'), { requests: 2, servedBy: 'web2', hits: [1, 2] });
    assert.deepEqual(await hit(web2.url, 'a'), { requests: 1, servedBy: 'web2', hits: [1, 2] });
    assert.deepEqual([await keys.get('requests'), await keys.zscore('counters', 'web1')], ['2', '1']);
  });

  await t.test('the repeat is a line of text like any other', async () => {
    const { text } = await request(web2.url).get('/').set('Idempotency-Key', 'a');
    assert.equal(text, 'hit 1 served by web2 (127.0.0.1)\n');
  });

  await t.test('a hundred repeats at once count once', async () => {
    const repeats = Array.from({ length: 100 }, (_, i) => hit(i % 2 ? web1.url : web2.url, 'c'));
    assert.deepEqual(new Set((await Promise.all(repeats)).map(({ requests }) => requests)), new Set([3]));
    assert.equal(await keys.get('requests'), '3');
  });

  await t.test(
    'a key is known in whichever window it is, for the clock of Redis may have been set back since',
    async () => {
      for (const window of [0, 1, 2, 3]) {
        await keys.hset(`seen:${window}`, `in-${window}`, 17 + window);
        assert.equal((await hit(web1.url, `in-${window}`)).requests, 17 + window);
      }
      assert.equal(await keys.get('requests'), '3');
    },
  );
});
