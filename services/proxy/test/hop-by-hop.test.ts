// Headers that are for one connection only, and those that Connection names, are removed both ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const HOP_BY_HOP = [
  'Keep-Alive: timeout=5',
  'Proxy-Authenticate: Basic',
  'Proxy-Authorization: Basic eA==',
  'Proxy-Connection: keep-alive',
  'TE: trailers',
  'Trailer: X-Sum',
  'Upgrade: h2c',
];
const NAMED = ['Connection: X-One, x-TWO', 'Connection: X-Three', 'X-One: 1', 'X-Two: 2', 'X-Three: 3', 'X-Four: 4'];

test('of a request', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(
    t,
    proxy.port,
    `GET / HTTP/1.1\r\nHost: a\r\n${[...HOP_BY_HOP, ...NAMED].join('\r\n')}\r\n\r\n`,
  );
  await client.until(/^HTTP\/1\.1 200/);
  const { headers = {} } = replica.requests[0] ?? {};
  const names = Object.keys(headers).filter(
    (name) => !/^(host|connection|idempotency-key|x-request-id|x-forwarded-.*)$/.test(name),
  );
  assert.deepEqual(names, ['x-four']);
  assert.equal(headers.connection, 'keep-alive', 'this one is between the proxy and the upstream');
});

test('of a request, but never Host', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: counter.example\r\nConnection: close, Host\r\n\r\n');
  assert.match(await client.closed, /^HTTP\/1\.1 200/);
  assert.equal(replica.requests[0]?.headers.host, 'counter.example');
});

test('of a response', async (t) => {
  const raw = await startRawUpstream(t, (socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${[...HOP_BY_HOP, ...NAMED].join('\r\n')}\r\n\r\n`),
  );
  const proxy = await startProxy(t, [raw.address]);
  const response = await rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n').closed;
  const names = response
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0])
    .filter(Boolean);
  assert.deepEqual(names.sort(), [
    'Connection',
    'Content-Length',
    'Date',
    'X-Attempts',
    'X-Four',
    'X-Request-Id',
    'X-Upstream',
  ]);
  assert.match(response, /\r\nConnection: close\r\n/);
});

test('of a response, but never its length', async (t) => {
  const response = 'HTTP/1.1 200 OK\r\nConnection: close, Content-Length\r\nContent-Length: 5\r\n\r\nhello';
  const raw = await startRawUpstream(t, (socket) => socket.end(response));
  const proxy = await startProxy(t, [raw.address]);
  for (const header of ['X: y', 'Expect: 100-continue']) {
    const client = rawClient(t, proxy.port, `GET / HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`);
    await client.until(/\r\nContent-Length: 5\r\n.*hello$/s);
  }
});

test('of a response, but a 426 says what to upgrade to', async (t) => {
  const replica = await startUpstream(t, 'a', (_req, res) => res.writeHead(426, { Upgrade: 'websocket' }).end());
  const proxy = await startProxy(t, [replica.address]);
  for (const [header, connection] of [
    ['X: y', 'Upgrade'],
    ['Connection: close', 'close, Upgrade'],
    ['Upgrade: h2c', 'close, Upgrade'],
  ]) {
    const client = rawClient(t, proxy.port, `GET / HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`);
    const response = await client.until(/^HTTP\/1\.1 426 .*\r\n\r\n/s);
    assert.deepEqual(response.match(/^(?:connection|upgrade): .*$/gim), [
      'Upgrade: websocket',
      `Connection: ${connection}`,
    ]);
  }
});
