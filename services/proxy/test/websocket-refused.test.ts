// A WebSocket connection that cannot be made gets a response that says why.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import supertest from 'supertest';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream, textOf } from './support.ts';

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** All of the response to an upgrade. */
const responseTo = (t: TestContext, port: number, head = 'GET /live HTTP/1.1\r\nHost: a'): Promise<string> =>
  rawClient(t, port, `${head}\r\n${UPGRADE}`).closed;

test('no upstream: 503', async (t) => {
  const refused = `127.0.0.1:${await freePort()}`;
  const proxy = await startProxy(t, [refused]);
  assert.match(await responseTo(t, proxy.port), /^HTTP\/1\.1 503 .*No replica is available\. \S+ The replica at /s);
  await proxy.logged({ message: 'upgrade', status: 503 });
});

test('an upstream that refuses the connection: 502', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  replica.server.close();
  replica.server.closeAllConnections();
  const response = await responseTo(t, proxy.port);
  assert.match(
    response,
    /^HTTP\/1\.1 502 .*No response after one attempt\. The replica at \S+ refused the connection/s,
  );
  await proxy.logged({ message: 'upgrade', status: 502 });
  await proxy.logged({ message: 'upstream is unhealthy' });
});

test('an upstream that breaks the connection: 502', async (t) => {
  const broken = await startRawUpstream(t, (socket) => socket.destroy());
  const proxy = await startProxy(t, [broken.address]);
  assert.match(await responseTo(t, proxy.port), /^HTTP\/1\.1 502 .*closed the connection before it responded/s);
});

test('an upstream that is silent: 504', async (t) => {
  const silent = await startRawUpstream(t, () => {});
  const proxy = await startProxy(t, [silent.address], { env: { TRY_TIMEOUT_MS: '100' } });
  assert.match(await responseTo(t, proxy.port), /^HTTP\/1\.1 504 .*does not respond in time/s);
});

test('a client that disconnects before the response leaves no connection behind', async (t) => {
  const silent = await startUpstream(t, 'silent');
  const proxy = await startProxy(t, [silent.address], { env: { TRY_TIMEOUT_MS: '100' } });
  const requested = once(silent.server, 'upgrade');
  const client = rawClient(t, proxy.port, `GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}`);
  const [, socket] = await requested;
  t.after(() => socket.destroy());
  client.socket.destroy();
  await once(socket.resume(), 'end');
});

test('the 404 of an upstream is passed on', async (t) => {
  const replica = await startUpstream(t, 'a', (_req, res) => res.writeHead(404).end('There is nothing at /live.\n'));
  const proxy = await startProxy(t, [replica.address]);
  const response = await responseTo(t, proxy.port);
  assert.match(response, /^HTTP\/1\.1 404 Not Found\r\n.*There is nothing at \/live\.\n/s);
  assert.equal(replica.requests[0]?.url, '/live');
});

test('a response that breaks in the middle is broken off', async (t) => {
  const broken = await startRawUpstream(t, (socket) => {
    socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nhalf');
    setImmediate(() => socket.end());
  });
  const proxy = await startProxy(t, [broken.address]);
  assert.match(await responseTo(t, proxy.port), /^HTTP\/1\.1 404 .*half$/s);
});

for (const head of [
  'GET http://a:99999/ HTTP/1.1\r\nHost: a',
  'GET / HTTP/1.1\r\nHost: a\r\nHost: b',
  'GET * HTTP/1.1\r\nHost: a',
]) {
  test(`400 for ${JSON.stringify(head)}`, async (t) => {
    const replica = await startUpstream(t, 'a');
    const proxy = await startProxy(t, [replica.address]);
    assert.match(await responseTo(t, proxy.port, head), /^HTTP\/1\.1 400 /);
    await supertest(proxy.url).get('/').expect(200);
  });
}

test('any other upgrade, or one with a body, is an ordinary request', async (t) => {
  const replica = await startUpstream(t, 'a', async (req, res) =>
    res.end(`${req.method} ${await textOf(req)} ${req.headers.upgrade}`),
  );
  const proxy = await startProxy(t, [replica.address]);
  for (const head of [
    'POST / HTTP/1.1\r\nUpgrade: h2c',
    'POST / HTTP/1.1\r\nUpgrade: websocket',
    'GET / HTTP/1.1\r\nUpgrade: websocket',
  ]) {
    const client = rawClient(
      t,
      proxy.port,
      `${head}\r\nHost: a\r\nConnection: Upgrade\r\nContent-Length: 4\r\n\r\nbody`,
    );
    await client.until(new RegExp(`^HTTP/1\\.1 200 OK\r\n.*${head.split(' ')[0]} body undefined`, 's'));
  }
});
