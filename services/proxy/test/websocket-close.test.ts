// A proxy that stops tells WebSocket clients so, by a close frame between two frames of their replica.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type WebSocket as Peer, WebSocketServer } from 'ws';
import { createFrameReader } from '../src/client/close-frame.ts';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const UPGRADE =
  'GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const CLOSE = '\x88\x18\x03\xe9The proxy is stopping.';

test('both sides end in order', async (t) => {
  const replica = await startUpstream(t, 'a');
  const server = new WebSocketServer({ server: replica.server });
  const peers: Peer[] = [];
  server.on('connection', (peer) => peers.push(peer.on('error', () => {})));
  const proxy = await startProxy(t, [replica.address]);
  const client = new WebSocket(`${proxy.url.replace('http', 'ws')}/live`);
  await once(client, 'open');
  const closed = Promise.all([once(client, 'close'), once(peers[0] as Peer, 'close')]);
  proxy.startDraining();
  const [[{ code, reason, wasClean }], [peerCode]] = await closed;
  assert.deepEqual([code, reason, wasClean, peerCode], [1001, 'The proxy is stopping.', true, 1001]);
});

/** An upgraded connection to a replica that sends what the test wants. */
const startRaw = async (t: TestContext) => {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const replica = await startRawUpstream(t, (socket) => {
    if (socket.bytesWritten === 0) socket.write(SWITCHING);
    resolve(socket);
  });
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, UPGRADE);
  await client.until(/\r\n\r\n/);
  const frames = async () => (await client.closed).split('\r\n\r\n')[1];
  return { proxy, client, frames, replica: await promise };
};

test('not within a frame, but behind it', async (t) => {
  const { proxy, client, frames, replica } = await startRaw(t);
  replica.write('\x81\x0aha', 'latin1');
  await client.until(/ha$/);
  proxy.startDraining();
  replica.write('lf of it\x81\x05dropped', 'latin1');
  assert.equal(await frames(), `\x81\x0ahalf of it${CLOSE}`);
});

test('not where a frame never ends', async (t) => {
  const { proxy, client, frames, replica } = await startRaw(t);
  replica.write('\x81\x7e\x01', 'latin1');
  await client.until(/~.$/);
  proxy.startDraining();
  assert.equal(await frames(), '\x81\x7e\x01');
});

test('not behind a close frame of the replica', async (t) => {
  const { proxy, client, frames, replica } = await startRaw(t);
  replica.write('\x88\x02\x03\xe8', 'latin1');
  await client.until(/\xe8$/);
  proxy.startDraining();
  assert.equal(await frames(), '\x88\x02\x03\xe8');
});

test('what the client sends then reaches the replica', async (t) => {
  const { proxy, client, replica } = await startRaw(t);
  const arrived = new Promise<void>((resolve) => {
    replica.on('data', (piece: string) => piece.endsWith('close') && resolve());
  });
  proxy.startDraining();
  await client.until(/stopping\.$/);
  client.send('close');
  await arrived;
});

test('the end of a frame is found within what was read', () => {
  const reader = createFrameReader();
  assert.equal(reader.read(Buffer.from('810361', 'hex')), undefined);
  assert.equal(reader.read(Buffer.from('6261810162', 'hex')), 2);
  assert.equal(reader.isBetween(), true);
  assert.equal(reader.read(Buffer.from('81', 'hex')), undefined);
});

test('frames are followed byte by byte and in any pieces', () => {
  const frames = [
    '8100',
    '810161',
    `817e0100${'61'.repeat(256)}`,
    `827f0000000000010000${'00'.repeat(65536)}`,
    '818401020304aabbccdd',
    '8900',
  ];
  const bytes = Buffer.from(frames.join(''), 'hex');
  const ends = new Set(frames.map((_, i) => frames.slice(0, i + 1).join('').length / 2));
  for (const size of [1, 2, 3, 7, 1000, bytes.length]) {
    const reader = createFrameReader();
    for (let at = 0; at < bytes.length; at += size) {
      reader.read(bytes.subarray(at, at + size));
      const end = Math.min(at + size, bytes.length);
      assert.equal(reader.isBetween(), ends.has(end), `after ${end} bytes, in pieces of ${size}`);
    }
    assert.equal(reader.isClosing(), false);
  }
});

/** Waits until `socket` is closed; what it is sent tells a closed connection from one that is half closed. */
const closed = async (socket: Socket): Promise<void> => {
  const drip = setInterval(() => socket.write('x'), 20).unref();
  socket.on('error', () => clearInterval(drip));
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(drip);
};

for (const ending of ['client', 'replica'] as const) {
  test(`the ${ending} ends, and the other side does not: both are gone soon`, async (t) => {
    const { client, replica } = await startRaw(t);
    const sides = { client: client.socket, replica };
    for (const side of Object.values(sides)) side.allowHalfOpen = true;
    sides[ending].end();
    await closed(sides[ending === 'client' ? 'replica' : 'client']);
  });
}

test('a client that has ended before it is upgraded is gone soon, too', async (t) => {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const upstream = await startRawUpstream(t, (socket) => resolve(socket));
  const proxy = await startProxy(t, [upstream.address]);
  const client = rawClient(t, proxy.port, UPGRADE);
  client.socket.allowHalfOpen = true;
  client.socket.end();
  const replica = await promise;
  replica.allowHalfOpen = true;
  replica.write(SWITCHING);
  await closed(replica);
});

test('a client that has ended still gets what its replica has for it', async (t) => {
  const { client, replica, frames } = await startRaw(t);
  for (const side of [client.socket, replica]) side.allowHalfOpen = true;
  client.socket.end('\x88\x00', 'latin1');
  await once(replica, 'end');
  await pause(1200); // longer than a connection that is cut has to end
  replica.end('\x81\x04late\x88\x00', 'latin1');
  assert.equal(await frames(), '\x81\x04late\x88\x00');
});
