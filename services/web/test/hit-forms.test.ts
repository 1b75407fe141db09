// The answer to GET /: one line of text for curl, a document for JSON clients; Accept decides.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { startReplica } from './replica.ts';

const ACCEPTS: readonly (readonly [string | undefined, 'text' | 'json'])[] = [
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain', 'text'],
  ['text/html', 'text'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
  ['image/png', 'text'],
  ['nonsense', 'text'],
  ['application/json;q=0.3, text/plain;q=0.4', 'text'],
  ['application/json', 'json'],
  ['APPLICATION/JSON', 'json'],
  ['application/*', 'json'],
  ['application/json, text/plain;q=0.9, */*;q=0.8', 'json'],
];

test('forms of a hit', { skip: noRedis() }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url, { name: 'web2' });
  let hits = 0;

  for (const [accept, form] of ACCEPTS) {
    await t.test(`Accept: ${accept ?? '(none)'} gets ${form}`, async () => {
      const asked = request(url).get('/').buffer(true);
      const { status, headers, text } = await (accept === undefined ? asked : asked.set('Accept', accept));
      hits += 1;
      const document = `{"requests":${hits},"servedBy":"web2","address":"127.0.0.1","replica":{"hits":${hits}},"ip":"127.0.0.1","client":{"hits":${hits}}}\n`;
      assert.equal(text, form === 'json' ? document : `hit ${hits} served by web2 (127.0.0.1)\n`);
      assert.equal(headers['content-type'], form === 'json' ? 'application/json' : 'text/plain; charset=utf-8');
      assert.equal(headers['content-length'], String(text.length));
      assert.deepEqual([status, headers['vary']], [200, 'Accept']);
    });
  }
});
