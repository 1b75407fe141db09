// No upstream is healthy: 503 that names each one and its error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import supertest from 'supertest';
import { startProxy, startUpstream } from './support.ts';

const outage = async (t: import('node:test').TestContext) => {
  const replica = await startUpstream(t, 'web-1');
  replica.readiness = { status: 503, text: 'Redis is gone.\n' };
  const refused = `127.0.0.1:${await freePort()}`;
  const resolve = async (host: string) => {
    if (host === 'web') throw Object.assign(new Error('getaddrinfo ENOTFOUND web'), { code: 'ENOTFOUND' });
    return [host];
  };
  const proxy = await startProxy(t, [replica.address, refused, 'web:3000'], { resolve });
  return { proxy, replica, refused };
};

test('as one line of text for curl', async (t) => {
  const { proxy, replica, refused } = await outage(t);
  const { text, headers } = await supertest(proxy.url).get('/').set('X-Request-Id', 'abc').expect(503);
  assert.ok(
    text.startsWith(`No replica is available. ${replica.address}: Redis is gone. ${refused}: The replica at `),
    text,
  );
  assert.match(text, /refused the connection.*the name "web" does not resolve.*\n$/);
  assert.deepEqual([headers['retry-after'], headers['x-request-id'], headers['x-attempts']], ['1', 'abc', '0']);
  assert.equal(replica.requests.length, 0);
});

test('as a problem for JSON clients', async (t) => {
  const { proxy, replica, refused } = await outage(t);
  const { body, type } = await supertest(proxy.url).post('/').set('Accept', 'application/json').send({}).expect(503);
  assert.equal(type, 'application/problem+json');
  assert.deepEqual([body.title, body.status], ['Service Unavailable', 503]);
  assert.match(body.detail, /^No replica is available\./);
  const upstreams = body.upstreams.map((upstream: { address: string; state: string }) => [
    upstream.address,
    upstream.state,
  ]);
  assert.deepEqual(upstreams, [
    [replica.address, 'unhealthy'],
    [refused, 'unhealthy'],
  ]);
});

test('as a page that reloads itself for a browser, where no replica responds', async (t) => {
  const refused = `127.0.0.1:${await freePort()}`;
  const proxy = await startProxy(t, [refused]);
  const { text, headers } = await supertest(proxy.url).get('/').set('Accept', 'text/html').expect(503);
  assert.match(text, /<p>No replica is available\. 127\.0\.0\.1:\d+: The replica at .* refused the connection/);
  assert.deepEqual([headers['retry-after'], headers['cache-control'], headers['vary']], ['1', 'no-store', 'Accept']);
  assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'; script-src 'sha256-\S+'; style-src /);
});

test('the live page, its files and its feed come from a replica that responds, though it is not ready', async (t) => {
  const replica = await startUpstream(t, 'web-1', (req, res) => res.writeHead(503).end(`page for ${req.url}`));
  replica.readiness = { status: 503, text: 'Redis is gone.\n' };
  const proxy = await startProxy(t, [`127.0.0.1:${await freePort()}`, replica.address]);
  for (const path of ['/', '/page/1/main.ts']) {
    const { text, headers } = await supertest(proxy.url).get(path).set('Accept', 'text/html').buffer(true).expect(503);
    assert.deepEqual([text, headers['x-upstream'], headers['x-attempts']], [`page for ${path}`, replica.address, '1']);
  }
  await supertest(proxy.url).get('/counts').set('Accept', 'text/html').expect(503);
  await supertest(proxy.url).post('/').set('Accept', 'text/html').expect(503);
  assert.deepEqual(
    replica.requests.map(({ url }) => url),
    ['/', '/page/1/main.ts'],
  );
});

test('equal reasons are given once', async (t) => {
  const replicas = await Promise.all(['web1', 'web2'].map((name) => startUpstream(t, name)));
  const proxy = await startProxy(
    t,
    replicas.map(({ address }) => address),
  );
  for (const replica of replicas) replica.readiness = { status: 503, text: 'Redis is gone.\n' };
  await proxy.upstreams.check();
  const { text } = await supertest(proxy.url).get('/').expect(503);
  assert.match(text, /^No replica is available\. (\S+), (\S+): Redis is gone\.\n$/);
});
