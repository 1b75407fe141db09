// Who may watch the live feed, how many, and when a viewer is dropped.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { WebSocket } from 'ws';
import { createFeed } from '../src/live/feed.ts';
import { openRedis, startReplica } from './replica.ts';
import { openViewer } from './viewer.ts';

const skip = noRedis();

const refusal = async (url: string, headers: Record<string, string> = {}) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return [response.statusCode, await text(response)];
};

test('500 viewers at once are all told of every hit, and all go', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const viewers = await Promise.all(Array.from({ length: 500 }, () => openViewer(t, url)));
  for (let i = 0; i < 100; i += 1) await request(url).get('/').expect(200);
  await Promise.all(viewers.map((viewer) => viewer.until(({ counts }) => counts?.requests === 100)));
  const keys = openRedis(t, redis.url);
  for (const { socket } of viewers) socket.close();
  await eventually(async () => assert.deepEqual(await keys.pubsub('NUMSUB', 'hits'), ['hits', 0]));
});

test('a page from here may watch, one from another origin may not', { skip }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url);
  const { messages, until } = await openViewer(t, url, { origin: url });
  await until(() => messages.length > 0);
  const sentence = 'Pages from another origin may not connect. Open the page from this origin.\n';
  for (const Origin of ['http://example.org', 'null', `${url}0`, 'nonsense']) {
    assert.deepEqual(await refusal(url, { Origin }), [403, sentence]);
  }
});

test('a viewer has one request id, in its response and in the log', { skip }, async (t) => {
  const { url, lines } = await startReplica(t, (await startRedis(t)).url);
  const idOf = async (headers: Record<string, string>, event: 'upgrade' | 'unexpected-response') => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
    socket.on('error', () => {});
    t.after(() => socket.terminate());
    const response = (await once(socket, event)).find((value) => value.headers !== undefined) as IncomingMessage;
    return response.headers['x-request-id'];
  };
  const ids = [
    await idOf({}, 'upgrade'),
    await idOf({ 'X-Request-Id': 'mine' }, 'upgrade'),
    await idOf({ Origin: 'http://example.org' }, 'unexpected-response'),
  ];
  const logged = lines.filter(({ message }) => message === 'viewer').map(({ requestId }) => requestId);
  assert.deepEqual(ids, logged);
  assert.equal(ids[1], 'mine');
});

test('a viewer that does not read is dropped before much is kept for it', { skip }, async (t) => {
  const replicas = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`web${i}`, i]));
  const counter = { totals: async () => ({ requests: 1, replicas }) } as never;
  let hit = (_: never) => {};
  const listen = (onHit: never) => {
    hit = onHit;
    return { ping: () => {}, stop: () => {} };
  };
  const feed = createFeed('web1', { host: 'db', port: 6379, source: 'resolver' }, counter, listen as never);
  const { promise: dropped, resolve } = Promise.withResolvers<void>();
  let kept = 0;
  const viewer = {
    get bufferedAmount() {
      return kept;
    },
    send: (message: string) => {
      kept += message.length;
    },
    terminate: () => {
      feed.remove(viewer);
      resolve();
    },
  };
  t.after(() => feed.remove(viewer));
  await feed.add(viewer);
  const flood = setInterval(() => hit({} as never), 5);
  t.after(() => clearInterval(flood));
  await dropped;
  assert.ok(kept < 100_000, `${kept} bytes`);
});

test('a viewer that sends is dropped, and so is one whose messages are too long', { skip }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url);
  for (const [message, code] of [
    ['hello', 1008],
    ['x'.repeat(2000), 1009],
  ] as const) {
    const { socket } = await openViewer(t, url);
    socket.send(message);
    assert.equal((await once(socket, 'close'))[0], code);
  }
});

test('a replica that stops sends its viewers elsewhere, and takes no more', { skip }, async (t) => {
  const { url, draining } = await startReplica(t, (await startRedis(t)).url);
  const { socket } = await openViewer(t, url);
  const closed = once(socket, 'close');
  draining.abort();
  assert.equal((await closed)[0], 1001);
  assert.deepEqual(await refusal(url), [503, 'This replica is stopping. Try another one.\n']);
});

test('a handshake that is none is refused, and what comes behind it is not a request', { skip }, async (t) => {
  const { url, port } = await startReplica(t, (await startRedis(t)).url);
  const behind = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const upgrade = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  for (const [head, response] of [
    [`GET /live HTTP/1.1\r\n${upgrade}${key}Sec-WebSocket-Version: 777\r\n`, /^HTTP\/1\.1 400 /],
    [`GET /live HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n`, /^HTTP\/1\.1 400 /],
    [`GET /live HTTP/1.1\r\n${upgrade}${key}Sec-WebSocket-Version: 13\r\nOrigin: http://b\r\n`, /^HTTP\/1\.1 403 /],
    [`GET /live HTTP/1.1\r\n${upgrade}${key}Sec-WebSocket-Version: 13\r\n`, /^HTTP\/1\.1 101 /],
  ] as const) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head}\r\n${behind}`);
    const got = await text(socket);
    assert.match(got, response);
    assert.equal(got.match(/^HTTP\//gm)?.length, 1, got);
  }
  await request(url)
    .get('/')
    .expect(200, /^hit 1 /);
});

test('an upgrade behind a request that is not responded to yet is an ordinary request', { skip }, async (t) => {
  const { port } = await startReplica(t, (await startRedis(t)).url);
  const upgrade = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.end(
    `GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /live HTTP/1.1\r\n${upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  assert.deepEqual((await text(socket)).match(/(?<=^HTTP\/1\.1 )\d+/gm), ['200', '426']);
});

test('other requests for /live are told what it is; other upgrades are ordinary requests', { skip }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url);
  await request(url).get('/live').expect(426, '/live is a WebSocket. Use counter watch.\n');
  await request(url).post('/live').expect(405, 'POST is not allowed for /live. Use GET.\n');
  const http2 = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' };
  await request(url)
    .get('/')
    .set(http2)
    .expect(200, /^hit 1 /);
  const elsewhere = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  await request(url).get('/counts').set(elsewhere).expect(200);
});
