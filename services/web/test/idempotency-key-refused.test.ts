// An idempotency key is 1 to 64 visible ASCII characters, sent once.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startReplica } from './replica.ts';

// Not through supertest, which would not send some of these.
const hitWith = async (port: number, key: string | string[]): Promise<[number | undefined, string]> => {
  const { promise, resolve, reject } = Promise.withResolvers<[number | undefined, string]>();
  const headers = { 'Idempotency-Key': key };
  httpRequest({ port, host: '127.0.0.1', path: '/', headers }, async (res) =>
    resolve([res.statusCode, await text(res)]),
  )
    .on('error', reject)
    .end();
  return promise;
};

const REFUSED = { empty: '', blank: ' ', 'two words': 'a b', 'not ASCII': 'clé', tab: 'a\tb', long: 'k'.repeat(65) };

test('bounds of a key', { skip: noRedis() }, async (t) => {
  const { port } = await startReplica(t, (await startRedis(t)).url);
  const sentence = 'The Idempotency-Key must be 1 to 64 visible ASCII characters. Send a UUID, for example.\n';

  for (const [name, key] of Object.entries({ ...REFUSED, 'sent twice': ['a', 'b'] })) {
    await t.test(`${name}: refused`, async () => assert.deepEqual(await hitWith(port, key), [400, sentence]));
  }
  for (const [i, key] of ['k', 'k'.repeat(64), '"8e03978e-40d5"', '!~'].entries()) {
    await t.test(`${key}: taken`, async () =>
      assert.deepEqual(await hitWith(port, key), [200, `hit ${i + 1} served by web1 (127.0.0.1)\n`]),
    );
  }
});
