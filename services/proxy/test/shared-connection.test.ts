// Hits to one upstream share a connection: each gets its own response, and no failure of one delays the others.
import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { test } from 'node:test';
import supertest from 'supertest';
import { rawClient, startRawUpstream } from './raw.ts';
import { expectShort, startProxy, startUpstream, type TestProxy, type TestUpstream } from './support.ts';

const MANY = 20;

const hits = (proxy: TestProxy, count = MANY) =>
  Promise.all(Array.from({ length: count }, (_, i) => supertest(proxy.url).get('/').set('X-Request-Id', `hit-${i}`)));

const connectionsOf = ({ requests }: TestUpstream) => new Set(requests.map(({ socket }) => socket)).size;

/** Answers with the id of each request, once `count` of them are there. */
const once = (count: number): RequestListener => {
  const waiting: (() => void)[] = [];
  return (req, res) => {
    waiting.push(() => res.end(req.headers['x-request-id']));
    if (waiting.length >= count) for (const respond of waiting) respond();
  };
};

test('each gets its own response, over one connection', async (t) => {
  const replica = await startUpstream(t, 'a', once(MANY));
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  const responses = await hits(proxy);
  assert.ok(responses.every(({ text }, i) => text === `hit-${i}`));
  assert.equal(connectionsOf(replica), 1);
});

test('whatever is not a hit has its own connection', async (t) => {
  const replica = await startUpstream(t, 'a', once(3));
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  const client = supertest(proxy.url);
  await Promise.all([client.get('/'), client.get('/counts'), client.post('/').send('body')]);
  assert.equal(connectionsOf(replica), 3);
});

test('no response in time: all are retried on the next at once', async (t) => {
  const silent = await startUpstream(t, 'silent', () => {});
  const quick = await startUpstream(t, 'quick');
  const proxy = await startProxy(t, [silent.address, quick.address], { env: { TRY_TIMEOUT_MS: '1000' } });
  expectShort(proxy);
  const responses = await hits(proxy);
  assert.deepEqual(new Set(responses.map(({ text }) => text)), new Set(['quick']));
  assert.deepEqual(new Set(responses.map(({ headers }) => headers['x-attempts'])), new Set(['1', '2']));
  assert.equal(silent.requests.length, MANY / 2, 'each was sent there once');
});

test('no response to the first in time: those behind it do not wait for it, and are retried too', async (t) => {
  let first: ServerResponse | undefined;
  const replica = await startUpstream(t, 'a', (_req, res) => {
    if (first === undefined) first = res;
    else res.end('a');
  });
  const other = await startUpstream(t, 'b');
  const proxy = await startProxy(t, [replica.address, other.address], { env: { TRY_TIMEOUT_MS: '1000' } });
  expectShort(proxy);
  const responses = await hits(proxy);
  assert.deepEqual(new Set(responses.map(({ text }) => text)), new Set(['b']));
});

test('the connection breaks: all are retried on the next', async (t) => {
  const broken = await startRawUpstream(t, (socket, bytes) => {
    if (bytes.split('GET / ').length - 1 >= MANY / 2) socket.resetAndDestroy();
  });
  const replica = await startUpstream(t, 'whole');
  const proxy = await startProxy(t, [broken.address, replica.address]);
  expectShort(proxy);
  const responses = await hits(proxy);
  assert.deepEqual(new Set(responses.map(({ text }) => text)), new Set(['whole']));
  assert.equal(replica.requests.length, MANY);
});

test('a client that leaves does not cut the others off', async (t) => {
  const waiting: (() => void)[] = [];
  const replica = await startUpstream(t, 'a', async (req, res) => {
    waiting.push(() => res.end(req.headers['x-request-id']));
    if (waiting.length <= MANY) return;
    leaver.socket.destroy();
    await proxy.logged({ status: 499 });
    for (const respond of waiting) respond();
  });
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  const leaver = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const responses = await hits(proxy);
  assert.ok(responses.every(({ text }, i) => text === `hit-${i}`));
  assert.equal(connectionsOf(replica), 1);
});

test('a response that closes the connection: those behind it are sent again, once', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => {
    res.setHeader('Connection', 'close').end(req.headers['x-request-id']);
  });
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  const responses = await hits(proxy);
  assert.ok(responses.every(({ text }, i) => text === `hit-${i}`));
  const ids = replica.requests.map(({ headers }) => headers['x-request-id']);
  assert.ok(
    ids.every((id) => ids.filter((other) => other === id).length <= 2),
    ids.join(),
  );
});

test('a long response arrives complete, and from then on each request has its own connection', async (t) => {
  const long = 'x'.repeat(300_000);
  let listener: RequestListener = (_req, res) => res.end(long);
  const replica = await startUpstream(t, 'a', (req, res) => listener(req, res));
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  for (const { text } of await hits(proxy)) assert.equal(text, long);
  listener = once(MANY);
  const responses = await hits(proxy);
  assert.ok(responses.every(({ text }, i) => text === `hit-${i}`));
});

test('a response of more than 16 KiB is read there, and from then on each request has its own connection', async (t) => {
  const longer = 'x'.repeat(20_000);
  let listener: RequestListener = (_req, res) => res.end(longer);
  const replica = await startUpstream(t, 'a', (req, res) => listener(req, res));
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  assert.equal((await supertest(proxy.url).get('/')).text, longer);
  listener = once(MANY);
  await hits(proxy);
  assert.equal(connectionsOf(replica), 1 + MANY);
});

test('headers that a replica could refuse ahead of earlier requests are sent alone', async (t) => {
  const replica = await startUpstream(t, 'a', once(2));
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  const client = supertest(proxy.url);
  await Promise.all([client.get('/'), client.get('/').set('X-Long', 'x'.repeat(8000))]);
  assert.equal(connectionsOf(replica), 2);
});

test('a short response that a shared connection would not take is not requested over it', async (t) => {
  const hit = once(MANY);
  const replica = await startUpstream(t, 'a', (req, res) => {
    if (req.url === '/') hit(req, res);
    else res.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade', 'Content-Length': 5 }).end('whole');
  });
  const proxy = await startProxy(t, [replica.address]);
  expectShort(proxy);
  for (let i = 0; i < 3; i += 1) await supertest(proxy.url).get('/live').expect(426);
  await hits(proxy);
  const sockets = replica.requests.filter(({ url }) => url === '/').map(({ socket }) => socket);
  assert.equal(new Set(sockets).size, 1, 'and the shared one goes on');
});
