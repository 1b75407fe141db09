// A response with 503 (or 502, 504) is discarded, and the request retried on another replica.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import supertest from 'supertest';
import { startProxy, startUpstream } from './support.ts';

const unready =
  (sentence: string): RequestListener =>
  (_req, res) =>
    res.writeHead(503, { 'Retry-After': '7' }).end(sentence);

test('a GET is retried on the next', async (t) => {
  const first = await startUpstream(t, 'first', unready('no Redis'));
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  const { headers } = await supertest(proxy.url).get('/').expect(200, 'second');
  assert.equal(headers['x-attempts'], '2');
  const [report, other] = proxy.upstreams.list();
  assert.deepEqual([report?.failed, report?.served, other?.served], [1, 0, 1]);
});

test('when all say so, the response of the last is passed on as it is', async (t) => {
  const first = await startUpstream(t, 'first', unready('first has no Redis'));
  const second = await startUpstream(t, 'second', unready('second has no Redis'));
  const proxy = await startProxy(t, [first.address, second.address]);
  const { headers } = await supertest(proxy.url).get('/').expect(503, 'second has no Redis');
  assert.deepEqual([headers['x-attempts'], headers['x-served-by'], headers['retry-after']], ['2', 'second', '7']);
});

test('a body that drips does not hold up the next attempt', async (t) => {
  const dripping = await startUpstream(t, 'first', (_req, res) => {
    res.writeHead(503).write('no Redis, and no end either');
  });
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [dripping.address, second.address], { env: { DEADLINE_MS: '19000' } });
  const left = once(dripping.server, 'request').then(([{ socket }]) => once(socket, 'close'));
  await supertest(proxy.url).get('/counts').expect(200, 'second');
  await left;
});

test('a POST gets the response of the first', async (t) => {
  const first = await startUpstream(t, 'first', unready('no Redis'));
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  await supertest(proxy.url).post('/').expect(503, 'no Redis');
  assert.equal(second.requests.length, 0);
});

test('a 500 is a response like any other', async (t) => {
  const first = await startUpstream(t, 'first', (_req, res) => res.writeHead(500).end('a bug'));
  const second = await startUpstream(t, 'second');
  const proxy = await startProxy(t, [first.address, second.address]);
  await supertest(proxy.url).get('/').expect(500, 'a bug');
  assert.equal(second.requests.length, 0);
});
