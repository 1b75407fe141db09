// The response to GET /: one line of text for curl, a document for JSON clients, a page for browsers; Accept decides.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { startReplica } from './replica.ts';

const ACCEPTS: readonly (readonly [string | undefined, 'text' | 'json' | 'page'])[] = [
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain', 'text'],
  ['text/html', 'page'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'page'],
  ['text/*', 'text'],
  ['image/png', 'text'],
  ['nonsense', 'text'],
  ['application/json;q=0.3, text/plain;q=0.4', 'text'],
  ['application/json', 'json'],
  ['APPLICATION/JSON', 'json'],
  ['application/*', 'json'],
  ['application/json, text/plain;q=0.9, */*;q=0.8', 'json'],
];

const TYPES = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json',
  page: 'text/html; charset=utf-8',
} as const;

test('forms of a hit', { skip: noRedis() }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url, { name: 'web2' });
  let hits = 0;

  for (const [accept, form] of ACCEPTS) {
    await t.test(`Accept: ${accept ?? '(none)'} gets ${form}`, async () => {
      const requested = request(url).get('/').buffer(true);
      const { status, headers, text } = await (accept === undefined ? requested : requested.set('Accept', accept));
      hits += 1;
      const document = `{"requests":${hits},"servedBy":"web2","address":"127.0.0.1","replica":{"hits":${hits}},"ip":"127.0.0.1","client":{"hits":${hits}}}\n`;
      const sentence = `hit ${hits} served by web2 (127.0.0.1)`;
      if (form === 'page') assert.ok(text.includes(`data-hit="${sentence}"`));
      else assert.equal(text, form === 'json' ? document : `${sentence}\n`);
      assert.equal(headers['content-type'], TYPES[form]);
      assert.equal(headers['content-length'], String(Buffer.byteLength(text)));
      assert.deepEqual([status, headers['vary']], [200, 'Accept']);
    });
  }
});

test('the page comes without Redis too, and says that it was not counted', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1');
  const { text, headers } = await request(url).get('/').set('Accept', 'text/html').expect(503);
  assert.match(text, /<p id="opened" data-hit="" data-failure="Redis at 127\.0\.0\.1:1 refused the connection/);
  assert.deepEqual([headers['content-type'], headers['retry-after']], [TYPES.page, '1']);
  await request(url)
    .get('/')
    .expect(503, /^Redis at 127\.0\.0\.1:1 refused/);
});
