// An upgrade that one replica cannot make is retried on the next; it is logged and measured once, however it ends.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream, type TestProxy } from './support.ts';

const UPGRADE =
  'GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

/** A replica that upgrades each connection. */
const startWilling = async (t: TestContext, headers = '') => {
  const sockets: Socket[] = [];
  const upstream = await startRawUpstream(t, (socket, bytes) => {
    if (bytes.endsWith('\r\n\r\n') && socket.bytesWritten === 0) socket.write(`${SWITCHING}${headers}\r\n`);
    socket.allowHalfOpen = true;
    sockets.push(socket);
  });
  return { ...upstream, sockets };
};

const failures = (proxy: TestProxy) => proxy.upstreams.list().map(({ failed }) => failed);

/** Upstreams that cannot make an upgrade, each in another way. */
const UNWILLING: Readonly<Record<string, (t: TestContext) => Promise<{ address: string; gone?: () => void }>>> = {
  'refuses the connection': async (t) => {
    const { address, server } = await startUpstream(t, 'a');
    return { address, gone: () => server.close().closeAllConnections() };
  },
  'breaks the connection': (t) => startRawUpstream(t, (socket) => socket.destroy()),
  'resets the connection': (t) => startRawUpstream(t, (socket) => socket.resetAndDestroy()),
  'is silent': (t) => startRawUpstream(t, () => {}),
  'sends no HTTP': (t) => startRawUpstream(t, (socket) => socket.write('garbage\r\n\r\n')),
  'switches to another protocol': (t) =>
    startRawUpstream(t, (socket) => socket.write(SWITCHING.replace('websocket', 'h2c').concat('\r\n'))),
  'is stopping': (t) =>
    startRawUpstream(t, (socket) => socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n')),
};

for (const [how, start] of Object.entries(UNWILLING)) {
  test(`the first ${how}, the second makes it`, async (t) => {
    const unwilling = await start(t);
    const willing = await startWilling(t);
    const proxy = await startProxy(t, [unwilling.address, willing.address], { env: { TRY_TIMEOUT_MS: '200' } });
    unwilling.gone?.();
    const client = rawClient(t, proxy.port, `${UPGRADE}early frame`);
    await client.until(new RegExp(`^HTTP/1\\.1 101 .*x-upstream: ${willing.address}\r\nx-attempts: 2\r\n`, 's'));
    const line = await proxy.logged({ message: 'upgrade', status: 101 });
    assert.deepEqual([line['upstream'], line['attempts'], line['url']], [willing.address, 2, '/live']);
    assert.match(String(line['reason']), /./);
    assert.deepEqual(failures(proxy), [1, 0]);
    assert.deepEqual(proxy.observed, [101]);
    assert.equal(proxy.log.filter(({ message }) => message === 'upgrade').length, 1);
    const frame = () => willing.carried().join('').split('\r\n\r\n')[1];
    if (frame() !== 'early frame') await once(willing.sockets[0] as Socket, 'data');
    assert.equal(frame(), 'early frame', 'what was sent ahead goes to the one that upgrades');
  });
}

test('none makes it: 502, one attempt at each, and the failures are recorded', async (t) => {
  const breaks = () => startRawUpstream(t, (socket) => socket.destroy());
  const proxy = await startProxy(t, [(await breaks()).address, (await breaks()).address]);
  const response = await rawClient(t, proxy.port, UPGRADE).closed;
  assert.match(response, /^HTTP\/1\.1 502 .*\r\nX-Attempts: 2\r\nX-Request-Id: .*No response after 2 attempts\./s);
  assert.deepEqual(failures(proxy), [1, 1]);
  assert.deepEqual(proxy.observed, [502]);
});

test('the headers of a 101 are those of the upgrade, of the replica, and of the proxy', async (t) => {
  const foreign = ['X-Request-Id: forged', 'X-Upstream: forged', 'X-Attempts: 9', 'Keep-Alive: timeout=9', 'X-Hop: 1'];
  const kept = ['X-Served-By: web1', 'Sec-WebSocket-Accept: x', 'Set-Cookie: a=1', 'Set-Cookie: b=2'];
  const willing = await startWilling(t, [...foreign, ...kept, 'Connection: x-hop', ''].join('\r\n'));
  const proxy = await startProxy(t, [willing.address]);
  const id = 'X-Request-Id: mine\r\n';
  const client = rawClient(t, proxy.port, UPGRADE.replace('\r\n\r\n', `\r\n${id}\r\n`));
  const [head = ''] = (await client.until(/\r\n\r\n/)).split('\r\n\r\n');
  assert.deepEqual(head.toLowerCase().split('\r\n').slice(1).toSorted(), [
    'connection: upgrade',
    'sec-websocket-accept: x',
    'set-cookie: a=1',
    'set-cookie: b=2',
    'upgrade: websocket',
    'x-attempts: 1',
    'x-request-id: mine',
    'x-served-by: web1',
    `x-upstream: ${willing.address}`,
  ]);
  assert.equal((await proxy.logged({ message: 'upgrade' }))['servedBy'], 'web1');
});

test('any other response is the last one of its connection, complete, and says so', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => {
    if (req.url === '/none') return res.writeHead(204).end();
    if (req.url === '/length')
      return res.writeHead(404, { 'Content-Length': 5, 'X-Request-Id': 'forged' }).end('whole');
    return res.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade' }).end('whole');
  });
  const proxy = await startProxy(t, [replica.address]);
  for (const [path, expected] of [
    ['/none', /^HTTP\/1\.1 204 No Content\r\n(?!.*(?:transfer-encoding|content-length)).*\r\n\r\n$/is],
    ['/length', /^HTTP\/1\.1 404 Not Found\r\n(?!.*(?:transfer-encoding|forged)).*\r\n\r\nwhole$/is],
    ['/live', /^HTTP\/1\.1 426 Upgrade Required\r\n(?!.*content-length).*\r\n\r\n5\r\nwhole\r\n0\r\n\r\n$/is],
  ] as const) {
    const response = await rawClient(t, proxy.port, UPGRADE.replace('/live', path)).closed;
    assert.match(response, expected);
    const upgrade = path === '/live'; // which 426 must name (RFC 9110, 15.5.22)
    assert.deepEqual(response.match(/^connection: .*$/gim), [
      upgrade ? 'Connection: close, Upgrade' : 'Connection: close',
    ]);
    assert.deepEqual(response.match(/^upgrade: .*$/gim), upgrade ? ['Upgrade: websocket'] : null);
    assert.match(
      response,
      new RegExp(`\r\nX-Upstream: ${replica.address}\r\nX-Attempts: 1\r\nX-Request-Id: [\\w-]+\r\n`),
    );
  }
  assert.deepEqual(proxy.observed, [204, 404, 426]);
  assert.deepEqual(failures(proxy), [0]);
});

test('a client that half-closes gets its response, and is no failure of the replica', async (t) => {
  const willing = await startWilling(t);
  const proxy = await startProxy(t, [willing.address]);
  const client = rawClient(t, proxy.port, UPGRADE);
  client.socket.allowHalfOpen = true;
  client.socket.end();
  await client.until(/^HTTP\/1\.1 101 /);
  const [socket] = willing.sockets as [Socket];
  if (!socket.readableEnded) await once(socket, 'end');
  socket.end('last words');
  assert.match(await client.closed, /last words$/);
  assert.deepEqual(failures(proxy), [0]);
});

test('a client that disconnects while it waits is logged as such, and no failure of the replica', async (t) => {
  const silent = await startRawUpstream(t, (socket) => socket.emit('requested'));
  const arrived = once(silent.server, 'connection');
  const proxy = await startProxy(t, [silent.address]);
  await arrived; // the probe
  const requested = once(silent.server, 'connection');
  const client = rawClient(t, proxy.port, UPGRADE);
  const [socket] = (await requested) as [Socket];
  const closed = once(socket, 'close');
  if (silent.carried().length === 0) await once(socket, 'data');
  client.socket.resetAndDestroy();
  await closed;
  await proxy.logged({ message: 'upgrade', status: 499 });
  assert.deepEqual(failures(proxy), [0]);
  assert.deepEqual(proxy.observed, [499]);
});
