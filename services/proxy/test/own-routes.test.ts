// The proxy's own routes, below /-/.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import supertest from 'supertest';
import { rawClient } from './raw.ts';
import { oneLoopback, startProxy, startUpstream } from './support.ts';

test('/-/healthz responds with 200, whatever the upstreams are', async (t) => {
  const proxy = await startProxy(t, [`127.0.0.1:${await freePort()}`]);
  await supertest(proxy.url).get('/-/healthz').expect(200, 'alive\n');
  await supertest(proxy.url).get('/-/healthz?from=probe').expect(200);
  const { text, headers } = await supertest(proxy.url).head('/-/healthz').expect(200);
  assert.deepEqual([text, headers['content-length']], [undefined, '6']);
});

test('/-/readyz is ready when one upstream is healthy, and not while draining', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address, `127.0.0.1:${await freePort()}`]);
  await supertest(proxy.url).get('/-/readyz').expect(200, 'ready\n');
  proxy.startDraining();
  await supertest(proxy.url).get('/-/readyz').expect(503, 'The proxy is stopping. Try again in a moment.\n');
});

test('/-/readyz is not ready with no healthy upstream, and says why', async (t) => {
  const address = `127.0.0.1:${await freePort()}`;
  const proxy = await startProxy(t, [address]);
  const { text } = await supertest(proxy.url).get('/-/readyz').expect(503);
  assert.match(text, new RegExp(`^No replica is available\\. ${address}: The replica at ${address} refused`));
});

test('/-/readyz is not ready before each of the first upstreams was checked', { skip: oneLoopback }, async (t) => {
  const replica = await startUpstream(t, 'a');
  const slow = await startUpstream(t, 'b', undefined, { host: '127.0.0.2', port: replica.port });
  let addresses: string[] = [];
  const proxy = await startProxy(t, [`web:${replica.port}`], { resolve: async () => addresses });
  slow.server.removeAllListeners('request');
  const requested = once(slow.server, 'request');
  addresses = ['127.0.0.1', '127.0.0.2'];
  const checked = proxy.upstreams.check();
  const [, response] = await requested;
  const { text } = await supertest(proxy.url).get('/-/readyz').expect(503);
  assert.match(text, new RegExp(` ${slow.address}: checking`));
  response.end();
  await checked;
  await supertest(proxy.url).get('/-/readyz').expect(200);
});

test('/-/readyz stays ready when a new address does not respond', { skip: oneLoopback }, async (t) => {
  const replica = await startUpstream(t, 'a');
  const silent = await startUpstream(t, 'b', undefined, { host: '127.0.0.2', port: replica.port });
  silent.server.removeAllListeners('request');
  let addresses = ['127.0.0.1'];
  const proxy = await startProxy(t, [`web:${replica.port}`], { resolve: async () => addresses });
  const requested = once(silent.server, 'request');
  addresses = ['127.0.0.1', '127.0.0.2'];
  const checked = proxy.upstreams.check();
  await requested;
  await supertest(proxy.url).get('/-/readyz').expect(200);
  await checked;
  await supertest(proxy.url).get('/-/readyz').expect(200);
});

test('any other path below /-/ is not there, and any other method not allowed', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const missing = await supertest(proxy.url).get('/-/nothing').expect(404);
  assert.equal(missing.text, 'There is nothing at /-/nothing. Try /-/upstreams, /-/healthz, /-/readyz.\n');
  const refused = await supertest(proxy.url).post('/-/upstreams').send('x').expect(405);
  assert.equal(refused.text, 'POST is not allowed for /-/upstreams. Use GET.\n');
  assert.equal(refused.headers['allow'], 'GET, HEAD');
  assert.equal(replica.requests.length, 0);
});

test('each names its request, is kept by no cache, and varies where it was negotiated', async (t) => {
  const proxy = await startProxy(t, [`127.0.0.1:${await freePort()}`]);
  const negotiated = ['/-/readyz', '/-/nothing', '/'];
  for (const path of [...negotiated, '/-/healthz', '/-/upstreams']) {
    const { headers } = await supertest(proxy.url).get(path).set('X-Request-Id', 'mine');
    assert.equal(headers['x-request-id'], 'mine', path);
    assert.equal(headers['cache-control'], 'no-store', path);
    assert.equal(headers['vary'], negotiated.includes(path) ? 'Accept' : undefined, path);
  }
  for (const bytes of ['hello\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n']) {
    const response = await rawClient(t, proxy.port, bytes).closed;
    assert.match(response, /\r\nCache-Control: no-store\r\n/);
    const [, id] = /\r\nX-Request-Id: ([\w-]+)\r\n/.exec(response) ?? [];
    await proxy.logged({ message: 'rejected input', requestId: id });
  }
});

test('the proxy itself responds to OPTIONS *', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => res.end(`${req.headers['max-forwards']}`));
  const proxy = await startProxy(t, [replica.address]);
  for (const [target, headers] of [
    ['*', ''],
    ['http://a', ''],
    ['/', 'Max-Forwards: 0\r\n'],
    ['/-/healthz', 'Max-Forwards: 0\r\n'],
  ]) {
    const client = rawClient(t, proxy.port, `OPTIONS ${target} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`);
    await client.until(/^HTTP\/1\.1 200 OK\r\n.*Allow: GET, HEAD, .*Content-Length: 0\r\n.*\r\n\r\n$/s);
  }
  assert.equal(replica.requests.length, 0);
  await supertest(proxy.url).options('/').set('Max-Forwards', '5').expect(200, '4');
  await supertest(proxy.url).get('/').set('Max-Forwards', '5').expect(200, '5');
});
