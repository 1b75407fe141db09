// A connection that was never made: any request is retried on the next upstream, with its body.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import supertest from 'supertest';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream, textOf } from './support.ts';

const echo: RequestListener = async (req, res) => res.end(`${req.method} ${await textOf(req)}`);

/** An upstream that a proxy has no connection to, whose end would tell that it has stopped. */
const startUnwatched = async (t: TestContext, name: string) => {
  const upstream = await startUpstream(t, name);
  upstream.server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'));
  return upstream;
};

/** A proxy that thinks that its first upstream is healthy; it has just stopped. */
const withStoppedFirst = async (t: TestContext) => {
  const stopped = await startUnwatched(t, 'stopped');
  const healthy = await startUpstream(t, 'healthy', echo);
  const proxy = await startProxy(t, [stopped.address, healthy.address]);
  stopped.server.close();
  stopped.server.closeAllConnections();
  return { proxy, stopped, healthy };
};

test('a GET is retried on the next', async (t) => {
  const { proxy, stopped, healthy } = await withStoppedFirst(t);
  const { headers } = await supertest(proxy.url).get('/').expect(200, 'GET ');
  assert.deepEqual([headers['x-attempts'], headers['x-upstream']], ['2', healthy.address]);
  const [first, second] = proxy.upstreams.list();
  assert.deepEqual([first?.report().state, first?.failed, second?.served], ['unhealthy', 1, 1]);
  assert.match(
    first?.report().lastError ?? '',
    new RegExp(`^The replica at ${stopped.address} refused the connection`),
  );
  assert.equal((await supertest(proxy.url).get('/')).headers['x-attempts'], '1', 'an unhealthy one is not selected');
});

test('a POST is retried on the next with its whole body', async (t) => {
  const { proxy } = await withStoppedFirst(t);
  const body = 'x'.repeat(300_000);
  const { text, headers } = await supertest(proxy.url).post('/').type('text/plain').send(body).expect(200);
  assert.equal(text, `POST ${body}`);
  assert.equal(headers['x-attempts'], '2');
});

test('a chunked POST too', async (t) => {
  const { proxy } = await withStoppedFirst(t);
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n');
  client.send('Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
  client.send('7\r\n second\r\n0\r\n\r\n');
  const response = await client.closed;
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(response, /X-Attempts: 2\r\n/);
  assert.match(response, /POST first second/);
});

test('all refuse: 502 with the count, then 503 as none is healthy', async (t) => {
  const replicas = [await startUnwatched(t, 'a'), await startUnwatched(t, 'b')];
  const proxy = await startProxy(
    t,
    replicas.map(({ address }) => address),
  );
  for (const { server } of replicas) {
    server.close();
    server.closeAllConnections();
  }
  const { text, headers } = await supertest(proxy.url).get('/').expect(502);
  const last = replicas[1]?.address;
  // The end of a kept connection, where it was not noticed yet, is one more.
  const attempts = headers['x-attempts'] ?? '';
  assert.match(attempts, /^[234]$/);
  assert.match(
    text,
    new RegExp(`^No response after ${attempts} attempts\\. The replica at ${last} refused the connection`),
  );
  await supertest(proxy.url).get('/').expect(503);
});

test('one that was never healthy gets no requests', async (t) => {
  const healthy = await startUpstream(t, 'healthy');
  const proxy = await startProxy(t, [`127.0.0.1:${await freePort()}`, healthy.address]);
  const { headers } = await supertest(proxy.url).get('/').expect(200);
  assert.equal(headers['x-attempts'], '1');
});
