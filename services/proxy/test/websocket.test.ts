// WebSocket connections pass through to the selected replica.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const accept = (key: string | undefined): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** A replica that upgrades, and sends back what it gets. */
const startEcho = async (t: TestContext, name: string) => {
  const replica = await startUpstream(t, name);
  const upgrades: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  replica.server.on('upgrade', (req, socket: Socket) => {
    upgrades.push(req);
    sockets.push(socket);
    t.after(() => socket.destroy());
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write([...head, `Sec-WebSocket-Accept: ${accept(req.headers['sec-websocket-key'])}`, '', ''].join('\r\n'));
    socket.on('error', () => {}).on('data', (piece) => socket.write(unmasked(Buffer.from(piece))));
  });
  return { ...replica, upgrades, sockets };
};

/** The same short text frame, as a server sends it. */
const unmasked = (frame: Buffer): Buffer => {
  const [opcode = 0, length = 0] = [frame[0], (frame[1] ?? 0) & 0x7f];
  const payload = frame.subarray(6, 6 + length).map((byte, i) => byte ^ (frame[2 + (i % 4)] ?? 0));
  return Buffer.from([opcode, length, ...payload]);
};

const open = async (t: TestContext, url: string): Promise<WebSocket> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live?x=1`);
  t.after(() => socket.close());
  await once(socket, 'open');
  return socket;
};

const UPGRADE =
  'Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

test('messages go both ways, and each connection counts in the round robin', async (t) => {
  const replicas = [await startEcho(t, 'a'), await startEcho(t, 'b')];
  const proxy = await startProxy(
    t,
    replicas.map(({ address }) => address),
  );
  for (const text of ['one', 'two']) {
    const socket = await open(t, proxy.url);
    const message = once(socket, 'message');
    socket.send(text);
    const [{ data }] = await message;
    assert.equal(data, text);
  }
  assert.deepEqual(
    replicas.map(({ upgrades }) => upgrades.length),
    [1, 1],
  );
  await proxy.logged({ message: 'upgrade', upstream: replicas[0]?.address, url: '/live?x=1' });
});

test('the upstream gets the path as it was sent, and the headers of the proxy', async (t) => {
  const replica = await startEcho(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, `GET /a//b/../\\c?x=1&y HTTP/1.1\r\nX-Forwarded-For: 10.0.0.9\r\n${UPGRADE}`);
  await client.until(/^HTTP\/1\.1 101 .*sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/is);
  const { url, headers } = replica.upgrades[0] as IncomingMessage;
  assert.equal(url, '/a//b/../\\c?x=1&y');
  assert.equal(headers.host, 'a');
  assert.equal(headers['x-forwarded-for'], '127.0.0.1');
  assert.match(String(headers['x-request-id']), /^[\da-f-]{36}$/);
});

test('a client that disconnects, cleanly or not, ends the connection to the upstream, and nothing else', async (t) => {
  const replica = await startEcho(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  for (const leave of ['destroy', 'resetAndDestroy'] as const) {
    const client = rawClient(t, proxy.port, `GET / HTTP/1.1\r\n${UPGRADE}`);
    await client.until(/101/);
    const ended = once(replica.sockets.at(-1) as Socket, 'end');
    client.socket[leave]();
    await ended;
  }
  assert.deepEqual(
    proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
    [[true, 0]],
  );
});

test('an upstream that disconnects ends the connection to the client, with nothing written into it', async (t) => {
  const replica = await startEcho(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, `GET / HTTP/1.1\r\n${UPGRADE}`);
  const head = await client.until(/\r\n\r\n/);
  replica.sockets[0]?.resetAndDestroy();
  assert.equal(await client.closed, head);
});

test('draining ends it, and lets no other begin', async (t) => {
  const replica = await startEcho(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const socket = await open(t, proxy.url);
  const closed = once(socket, 'close');
  const ended = once(replica.sockets[0] as Socket, 'end');
  proxy.startDraining();
  await Promise.all([closed, ended]);
  const late = rawClient(t, proxy.port, `GET / HTTP/1.1\r\n${UPGRADE}`);
  assert.match(await late.closed, /^HTTP\/1\.1 503 .*The proxy is stopping/s);
});
