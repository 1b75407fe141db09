// A client that disconnects before its response: 499 in the log, the request is aborted, and no upstream is to blame.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import supertest from 'supertest';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const GET = 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n';

test('while its upstream thinks', async (t) => {
  const slow = await startUpstream(t, 'slow', (req, res) => (req.url === '/slow' ? undefined : res.end('quick')));
  const proxy = await startProxy(t, [slow.address]);
  const client = rawClient(t, proxy.port, GET);
  const [, response] = await once(slow.server, 'request');
  client.socket.destroy();
  await once(response, 'close');
  const line = await proxy.logged({ status: 499 });
  assert.deepEqual([line['upstream'], line['url'], line['attempts']], [slow.address, '/slow', 1]);
  const [upstream] = proxy.upstreams.list();
  assert.deepEqual([upstream?.healthy, upstream?.failed], [true, 0]);
  await supertest(proxy.url).get('/').expect(200, 'quick');
});

test('in the middle of its response', async (t) => {
  const slow = await startUpstream(t, 'slow', (_req, res) => res.write('first'));
  const proxy = await startProxy(t, [slow.address]);
  const client = rawClient(t, proxy.port, GET);
  const [, response] = await once(slow.server, 'request');
  await client.until(/first/);
  client.socket.destroy();
  await once(response, 'close');
  await proxy.logged({ status: 499 });
  assert.deepEqual(
    proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
    [[true, 0]],
  );
});

test('in the middle of its request', async (t) => {
  const { promise: arrived, resolve } = Promise.withResolvers<Socket>();
  const raw = await startRawUpstream(t, resolve);
  const proxy = await startProxy(t, [raw.address]);
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
  const closed = once(await arrived, 'close');
  client.socket.destroy();
  await closed;
  await proxy.logged({ status: 499 });
  assert.deepEqual(
    proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
    [[true, 0]],
  );
});

test('before a connection to its upstream is there: nothing is sent', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  proxy.server.prependListener('request', (req, res) => req.url === '/slow' && res.destroy());
  await rawClient(t, proxy.port, GET.replace('Host: a', 'Host: a\r\nTE: trailers')).closed; // which node:http serves
  await proxy.logged({ status: 499 });
  await supertest(proxy.url).get('/after').expect(200);
  assert.deepEqual(
    replica.requests.map(({ url }) => url),
    ['/after'],
  );
});

test('between two attempts', async (t) => {
  const broken = await startRawUpstream(t, (socket) => {
    client.socket.resetAndDestroy(); // the end of its side alone would not mean that it has left
    client.socket.once('close', () => socket.resetAndDestroy());
  });
  const replica = await startUpstream(t, 'whole');
  const proxy = await startProxy(t, [broken.address, replica.address]);
  const client = rawClient(t, proxy.port, GET);
  await proxy.logged({ status: 499 });
  assert.equal(
    proxy.upstreams.list().every(({ healthy, failed }) => healthy && failed <= 1),
    true,
  );
});

test('with a second request in the pipeline, which is not served any more', async (t) => {
  const slow = await startUpstream(t, 'slow', () => {});
  const proxy = await startProxy(t, [slow.address]);
  const client = rawClient(t, proxy.port, GET + GET);
  const [first] = (await once(slow.server, 'request')) as [IncomingMessage];
  const closed = once(first.socket, 'close');
  client.socket.destroy();
  await closed;
  await proxy.logged({ status: 499 });
  await supertest(proxy.url).get('/-/healthz').expect(200);
  assert.equal(slow.requests.length, 1);
  assert.equal(proxy.log.filter(({ status }) => status === 499).length, 1);
});
