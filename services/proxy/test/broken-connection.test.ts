// A connection that breaks before the response headers: another upstream, if the request may be served twice.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import supertest from 'supertest';
import { startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const breaks: Readonly<Record<string, (socket: Socket) => void>> = {
  'reset before the headers': (socket) => socket.resetAndDestroy(),
  'closed before the headers': (socket) => socket.end(),
  'closed within the headers': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'no HTTP at all': (socket) => socket.end('hello\r\n\r\n'),
};

for (const [name, onBytes] of Object.entries(breaks)) {
  test(`${name}: a GET is retried on the next, and the upstream stays healthy`, async (t) => {
    const broken = await startRawUpstream(t, onBytes);
    const replica = await startUpstream(t, 'whole');
    const proxy = await startProxy(t, [broken.address, replica.address]);
    const { headers } = await supertest(proxy.url).get('/').expect(200, 'whole');
    assert.equal(headers['x-attempts'], '2');
    const [first] = proxy.upstreams.list();
    assert.deepEqual([first?.healthy, first?.failed, first?.served], [true, 1, 0]);
    const key = /idempotency-key: (\S+)/i.exec(broken.carried().join())?.[1];
    assert.equal(replica.requests[0]?.headers['idempotency-key'], key, 'each attempt has the same key');
    assert.equal(replica.requests[0]?.headers['x-request-id'], headers['x-request-id']);
  });
}

test('all break it: 502 with the reason', async (t) => {
  const broken = [await startRawUpstream(t, (s) => s.resetAndDestroy()), await startRawUpstream(t, (s) => s.end())];
  const proxy = await startProxy(
    t,
    broken.map(({ address }) => address),
  );
  const { text } = await supertest(proxy.url).get('/').expect(502);
  // The connection that carried the probe may just have been old: for that each gets one more, over a new one.
  const last = broken.map(({ address }) => address).join('|');
  const closed = 'closed the connection before it responded. Check whether it is restarting.';
  assert.match(text, new RegExp(`^No response after [234] attempts\\. The replica at (${last}) ${closed}\\n$`));
});

for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE'] as const) {
  test(`a ${method} without a body is retried on the next`, async (t) => {
    const broken = await startRawUpstream(t, (socket) => socket.end());
    const replica = await startUpstream(t, 'whole');
    const proxy = await startProxy(t, [broken.address, replica.address]);
    await supertest(proxy.url)
      [method === 'HEAD' ? 'head' : method === 'OPTIONS' ? 'options' : method === 'PUT' ? 'put' : 'delete']('/')
      .expect(200);
    assert.equal(replica.requests[0]?.method, method);
  });
}

test('a POST, and a PUT with a body, are never sent twice', async (t) => {
  const broken = await startRawUpstream(t, (socket, bytes) => bytes.endsWith('body') && socket.end());
  const replica = await startUpstream(t, 'whole');
  for (const method of ['post', 'put'] as const) {
    const proxy = await startProxy(t, [broken.address, replica.address]);
    const { headers } = await supertest(proxy.url)[method]('/').type('text/plain').send('body').expect(502);
    assert.equal(headers['x-attempts'], '1');
  }
  const proxy = await startProxy(t, [replica.address]);
  await supertest(proxy.url).post('/').expect(200);
  assert.deepEqual(
    replica.requests.map(({ method }) => method),
    ['POST'],
    'only the one that was meant for it',
  );
});

test('a POST without a body is not sent twice either', async (t) => {
  const broken = await startRawUpstream(t, (socket) => socket.end());
  const replica = await startUpstream(t, 'whole');
  const proxy = await startProxy(t, [broken.address, replica.address]);
  await supertest(proxy.url).post('/').expect(502);
  assert.equal(replica.requests.length, 0);
});
