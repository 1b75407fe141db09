// A client that closes its side of the connection after its request gets its response.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type RawClient, rawClient } from './raw.ts';
import { startProxy, startUpstream, textOf } from './support.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A client that sends `bytes`, and then nothing more. */
const halfClosing = (t: TestContext, port: number, bytes: string): RawClient => {
  const client = rawClient(t, port, bytes);
  client.socket.allowHalfOpen = true;
  client.socket.end();
  return client;
};

/** A proxy before a replica that responds when it is told to. */
const startSlow = async (t: TestContext) => {
  const slow = await startUpstream(t, 'slow', () => {});
  const proxy = await startProxy(t, [slow.address]);
  const requested = async () => (await once(slow.server, 'request'))[1] as ServerResponse;
  return { proxy, requested };
};

test('after one request', async (t) => {
  const replica = await startUpstream(t, 'a', async (req, res) => res.end(`${req.method} ${await textOf(req)}`));
  const proxy = await startProxy(t, [replica.address]);
  for (const [bytes, body] of [
    [GET, 'GET '],
    ['GET / HTTP/1.0\r\n\r\n', 'GET '],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', 'POST hello'],
    ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 'POST hello'],
  ] as const) {
    const response = await halfClosing(t, proxy.port, bytes).closed;
    assert.match(response, new RegExp(`^HTTP/1\\.1 200 OK\r\n.*\r\nConnection: close\r\n.*${body}`, 'is'));
  }
  assert.equal(proxy.log.filter(({ status }) => status === 200).length, 4);
});

test('after several requests, each gets its response', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => res.end(`<${req.url}>`));
  const proxy = await startProxy(t, [replica.address]);
  const paths = ['/1', '/2', '/-/healthz', '/3'];
  const response = await halfClosing(t, proxy.port, paths.map((path) => GET.replace('/', path)).join('')).closed;
  assert.match(response, /<\/1>.*<\/2>.*alive\n.*Connection: close.*<\/3>/s);
  assert.equal(response.match(/HTTP\/1\.1 200/g)?.length, 4);
});

test('before a response that takes long: an interim one finds out that the client still waits', async (t) => {
  const { proxy, requested } = await startSlow(t);
  const client = halfClosing(t, proxy.port, GET);
  const res = await requested();
  await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  res.end('whole');
  assert.match(await client.closed, /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+HTTP\/1\.1 200 OK\r\n.*whole/s);
  await proxy.logged({ status: 200 });
});

test('in the middle of a response that moves on', async (t) => {
  const { proxy, requested } = await startSlow(t);
  const client = rawClient(t, proxy.port, GET.replace('/', '/slow'));
  client.socket.allowHalfOpen = true;
  const res = await requested();
  res.write('first ');
  await client.until(/first/);
  client.socket.end();
  const more = setInterval(() => res.write('more '), 100);
  t.after(() => clearInterval(more));
  await client.until(/(?:more .*){15}/s);
  clearInterval(more);
  res.end('last');
  assert.match(await client.closed, /first .*last\r\n0\r\n\r\n$/s);
});

test('in the middle of a request: the response says so', async (t) => {
  const { proxy } = await startSlow(t);
  const response = await halfClosing(t, proxy.port, GET.slice(0, -4)).closed;
  assert.match(response, /^HTTP\/1\.1 400 .*\r\nConnection: close\r\n/s);
});

test('without any request', async (t) => {
  const { proxy } = await startSlow(t);
  assert.equal(await halfClosing(t, proxy.port, '').closed, '');
});
