// A path that exists with other methods says which; a path that does not says where to go.
import assert from 'node:assert/strict';
import test from 'node:test';
import request from 'supertest';
import { startReplica } from './replica.ts';

type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';

const NOT_ALLOWED: readonly (readonly [Method, string, string, string])[] = [
  ['post', '/', 'GET, HEAD', 'POST is not allowed for /. Use GET or HEAD.'],
  ['delete', '/', 'GET, HEAD', 'DELETE is not allowed for /. Use GET or HEAD.'],
  ['options', '/', 'GET, HEAD', 'OPTIONS is not allowed for /. Use GET or HEAD.'],
  ['put', '/counts', 'GET, HEAD', 'PUT is not allowed for /counts. Use GET or HEAD.'],
  ['delete', '/counts', 'GET, HEAD', 'DELETE is not allowed for /counts. Use GET or HEAD.'],
  ['post', '/healthz', 'GET, HEAD', 'POST is not allowed for /healthz. Use GET or HEAD.'],
  ['patch', '/readyz', 'GET, HEAD', 'PATCH is not allowed for /readyz. Use GET or HEAD.'],
  ['post', '/redis/set', 'GET, PUT', 'POST is not allowed for /redis/set. Use GET or PUT.'],
  ['delete', '/redis/get', 'GET, HEAD, PUT', 'DELETE is not allowed for /redis/get. Use GET or HEAD or PUT.'],
  ['delete', '/redis/test', 'PUT', 'DELETE is not allowed for /redis/test. Use PUT.'],
  ['get', '/redis/test', 'PUT', 'GET is not allowed for /redis/test. Use PUT.'],
];

test('methods', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1'); // none of these asks Redis

  for (const [method, path, allow, sentence] of NOT_ALLOWED) {
    await t.test(`${method.toUpperCase()} ${path}`, async () => {
      await request(url)[method](path).expect(405, `${sentence}\n`).expect('Allow', allow);
    });
  }

  for (const path of [
    '/favicon.ico',
    '/redis',
    '/redis/',
    '/page',
    '/page/main.ts',
    '/page/1/none.ts',
    '/count',
    '/..%2f',
  ]) {
    await t.test(`nothing is at ${path}`, async () => {
      const sentence = `There is nothing at ${path}. Try /, /counts, or /redis/get?key=test.`;
      await request(url).get(path).expect(404, `${sentence}\n`);
      const { body, headers } = await request(url).get(path).set('Accept', 'application/json');
      assert.equal(headers['content-type'], 'application/problem+json');
      assert.deepEqual(body, { title: 'Not Found', status: 404, detail: sentence });
    });
  }
});
