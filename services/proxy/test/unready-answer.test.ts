// A replica that answers 503 (or 502, 504) is passed over for one that may do better.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import supertest from 'supertest';
import { startProxy, startUpstream } from './support.ts';

const unready =
  (sentence: string): RequestListener =>
  (_req, res) =>
    res.writeHead(503, { 'Retry-After': '7' }).end(sentence);

test('a GET goes on to the next', async (t) => {
  const first = await startUpstream(t, 'first', unready('no Redis'));
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  const { headers } = await supertest(proxy.url).get('/').expect(200, 'second');
  assert.equal(headers['x-attempts'], '2');
  const [report, other] = proxy.upstreams.list();
  assert.deepEqual([report?.failed, report?.served, other?.served], [1, 0, 1]);
});

test('when all say so, the answer of the last is passed on as it is', async (t) => {
  const first = await startUpstream(t, 'first', unready('first has no Redis'));
  const second = await startUpstream(t, 'second', unready('second has no Redis'));
  const proxy = await startProxy(t, [first.address, second.address]);
  const { headers } = await supertest(proxy.url).get('/').expect(503, 'second has no Redis');
  assert.deepEqual([headers['x-attempts'], headers['x-served-by'], headers['retry-after']], ['2', 'second', '7']);
});

test('when the others are gone by the end of it, the client is told', async (t) => {
  const first = await startUpstream(t, 'first', (_req, res) => {
    res.writeHead(503).write('no Redis');
    finish = () => res.end();
  });
  let finish = () => {};
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  const answer = supertest(proxy.url)
    .get('/')
    .then((response) => response);
  await new Promise<void>((resolve) => {
    const check = () => (proxy.upstreams.list()[0]?.failed === 1 ? resolve() : setImmediate(check));
    check();
  });
  second.readiness = { status: 503, text: 'no Redis either' };
  await proxy.upstreams.check();
  finish();
  const { status, text } = await answer;
  assert.equal(status, 502);
  assert.match(text, /^No answer after one try\. The replica at \S+ failed: it answered with 503\.\n$/);
});

test('a POST gets the answer of the first', async (t) => {
  const first = await startUpstream(t, 'first', unready('no Redis'));
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  await supertest(proxy.url).post('/').expect(503, 'no Redis');
  assert.equal(second.requests.length, 0);
});

test('a 500 is an answer like any other', async (t) => {
  const first = await startUpstream(t, 'first', (_req, res) => res.writeHead(500).end('a bug'));
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  await supertest(proxy.url).get('/').expect(500, 'a bug');
  assert.equal(second.requests.length, 0);
});
