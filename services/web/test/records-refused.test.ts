// What the routes of records refuse, each with its status and its sentence.
import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const USAGE = 'Send it once, as in /redis/set?key=test&value=123.';

const REFUSED: readonly (readonly [string, number, string])[] = [
  ['/redis/set', 400, `The parameter key is missing. ${USAGE}`],
  ['/redis/set?value=1', 400, `The parameter key is missing. ${USAGE}`],
  ['/redis/set?key=test', 400, `The parameter value is missing. ${USAGE}`],
  ['/redis/set?key=a&key=b&value=1', 400, `The parameter key is given more than once. ${USAGE}`],
  ['/redis/set?key=a&value=1&value=2', 400, `The parameter value is given more than once. ${USAGE}`],
  ['/redis/set?key=&value=1', 400, 'The key is empty. Set one, as in ?key=test.'],
  ['/redis/set?key[]=a&value=1', 400, `The parameter key is missing. ${USAGE}`],
  ['/redis/get', 400, `The parameter key is missing. ${USAGE}`],
  ['/redis/get?key=', 400, 'The key is empty. Set one, as in ?key=test.'],
  ['/redis/get?key=a&key=b', 400, `The parameter key is given more than once. ${USAGE}`],
  ['/redis/get?key=none', 404, 'There is no record "none". Store it with /redis/set.'],
  ['/redis/get?key=a%22%0A', 404, 'There is no record "a\\"\\n". Store it with /redis/set.'],
  ['/redis/get?key=list', 409, 'The key "list" is not a string. Read it with redis-cli.'],
];

test('refusals of records', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);
  await keys.rpush('list', 'a');

  for (const [path, status, sentence] of REFUSED) {
    await t.test(path, async () => {
      await request(url).get(path).expect(status, `${sentence}\n`).expect('Content-Type', 'text/plain; charset=utf-8');
      const { headers, body } = await request(url).get(path).set('Accept', 'application/json');
      assert.equal(headers['content-type'], 'application/problem+json');
      assert.deepEqual([body.status, body.detail], [status, sentence]);
    });
  }

  await t.test('HEAD /redis/set stores nothing', async () => {
    await request(url).head('/redis/set?key=test&value=1').expect(405).expect('Allow', 'GET, PUT');
  });

  await t.test('a body in a coding of its own', async () => {
    const sentence = 'The body cannot be read: content encoding unsupported. Send its bytes as they are.\n';
    const put = request(url).put('/redis/test').set('Content-Encoding', 'gzip').serialize(String);
    await put.send(gzipSync('1')).expect(415, sentence);
  });

  await t.test('nothing of all this was stored', async () => assert.deepEqual(await keys.keys('*'), ['list']));
});
