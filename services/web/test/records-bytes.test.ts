// A record is bytes: what was stored by query or by PUT is read back exactly, and lies in Redis exactly so.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const escaped = (bytes: Buffer): string => bytes.toString('hex').replace(/../g, '%$&');

// How a value is written in a query, and which bytes that is.
const WRITTEN: readonly (readonly [string, Buffer])[] = [
  ['123', Buffer.from('123')],
  ['', Buffer.of()],
  ['a+b', Buffer.from('a b')],
  ['a%2Bb', Buffer.from('a+b')],
  ['100%', Buffer.from('100%')],
  ['%zz%4', Buffer.from('%zz%4')],
  ['%25', Buffer.from('%')],
  ['%E2%82%AC', Buffer.from('€')],
  ['%e4', Buffer.of(0xe4)],
  ['a=b', Buffer.from('a=b')],
  ['what?', Buffer.from('what?')],
  ['%26%3D%23', Buffer.from('&=#')],
  ['%0D%0A%00', Buffer.from('\r\n\0')],
  ['%3Cscript%3Ealert(1)%3C/script%3E', Buffer.from('<script>alert(1)</script>')],
  [escaped(ALL_BYTES), ALL_BYTES],
];

test('bytes of records', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);

  const read = async (query: string): Promise<Buffer> => {
    const requested = request(url).get(`/redis/get?key=${query}`).buffer(true);
    const { status, headers, body } = await requested.parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    });
    const { 'content-type': type, 'x-content-type-options': sniff, 'content-security-policy': policy } = headers;
    assert.deepEqual([status, type, sniff], [200, 'text/plain; charset=utf-8', 'nosniff']);
    assert.equal(policy, "default-src 'none'; sandbox", 'no script runs in a browser that opens it');
    return body;
  };

  for (const [written, bytes] of WRITTEN) {
    await t.test(`value=${written.slice(0, 40)} by query`, async () => {
      const { status, text } = await request(url).get(`/redis/set?key=test&value=${written}`);
      assert.deepEqual([status, text], [200, 'success\n']);
      assert.deepEqual(await keys.getBuffer('test'), bytes);
      assert.deepEqual(await read('test'), bytes);
    });
  }

  await t.test('a key of all bytes, by query and by PUT', async () => {
    const key = escaped(ALL_BYTES);
    await request(url).get(`/redis/set?key=${key}&value=1`).expect(200, 'success\n');
    assert.deepEqual(await keys.getBuffer(ALL_BYTES), Buffer.from('1'));
    await request(url).put(`/redis/${key}`).send('2').expect(200, 'success\n');
    assert.deepEqual(await read(key), Buffer.from('2'));
  });

  for (const type of [
    'application/octet-stream',
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
  ]) {
    await t.test(`PUT of ${type} stores its bytes`, async () => {
      const put = { method: 'PUT', headers: { 'Content-Type': type }, body: ALL_BYTES };
      assert.equal(await (await fetch(`${url}/redis/put`, put)).text(), 'success\n');
      assert.deepEqual(await keys.getBuffer('put'), ALL_BYTES);
    });
  }

  await t.test('PUT without a body stores an empty value', async () => {
    await request(url).put('/redis/put').expect(200, 'success\n');
    assert.deepEqual(await read('put'), Buffer.of());
  });

  // The path of a PUT, and the key it names.
  for (const [path, key] of [
    ['a%2Fb', 'a/b'],
    ['a/b', 'a/b'],
    ['a+b', 'a+b'],
    ['a%20b?c=d', 'a b'],
    ['set', 'set'],
    ['get', 'get'],
  ] as const) {
    await t.test(`PUT /redis/${path} is the record ${key}`, async () => {
      await request(url).put(`/redis/${path}`).send(path).expect(200, 'success\n');
      assert.equal(await keys.get(key), path);
    });
  }

  for (const origin of ['http://h', 'HTTP://h:80', 'ftp://h', 'http://a:b:c', 'http://[::1']) {
    await t.test(`PUT ${origin}/redis/whole, as to a forward proxy, is the record whole`, async () => {
      const sent = http.request(url, { method: 'PUT', path: `${origin}/redis/whole?c=d` }).end(origin);
      const [{ statusCode, headers }] = await once(sent, 'response');
      assert.deepEqual([statusCode, headers['x-served-by']], [200, 'web1']);
      assert.equal(await keys.get('whole'), origin);
    });
  }
});
