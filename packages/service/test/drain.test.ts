// Draining: what is in flight is finished, what is idle is closed, and what takes too long is cut.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { drain, listen } from '@container-counter/service/lifecycle';

// Answers /now at once, and anything else when the test says so.
const startServer = async (t: TestContext) => {
  const waiting = Promise.withResolvers<ServerResponse>();
  const server = createServer((req, res) => (req.url === '/now' ? res.end('now') : waiting.resolve(res)));
  const port = await listen(server, 0, '127.0.0.1');
  t.after(() => server.closeAllConnections());
  return { server, port, waiting: waiting.promise };
};

const ask = async (port: number, path: string): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
  return socket;
};

const refusesConnections = async (server: Server, port: number): Promise<void> => {
  assert.equal(server.listening, false);
  await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
};

test('an idle server is drained at once', async (t) => {
  const { server, port } = await startServer(t);
  assert.equal(await drain(server, 60_000), true);
  await refusesConnections(server, port);
});

test('an idle keep-alive connection is closed while another is still in flight', async (t) => {
  const { server, port, waiting } = await startServer(t);
  const idle = await ask(port, '/now');
  await once(idle, 'data');
  const busy = await ask(port, '/later');
  const response = await waiting;

  const drained = drain(server, 60_000);
  await once(idle, 'close');
  await refusesConnections(server, port);

  response.end('later');
  assert.match(await text(busy), /200 OK.*later/s); // the end of the text is the end of the connection
  assert.equal(await drained, true);
});

test('what is in flight after the deadline is cut', async (t) => {
  const { server, port, waiting } = await startServer(t);
  const busy = await ask(port, '/later');
  await waiting;
  const cut = once(busy, 'close');
  busy.on('error', () => {}); // a reset is as good as an end
  busy.resume();
  assert.equal(await drain(server, 20), false);
  await cut;
});

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`;

test('what has arrived on a kept connection, but was not read yet, gets its response', async (t) => {
  const { server, port } = await startServer(t);
  const kept = await ask(port, '/now');
  await once(kept, 'data');
  kept.write(GET('/now'));
  const drained = drain(server, 60_000);
  assert.match(await text(kept), /^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n.*now$/s);
  assert.equal(await drained, true);
});

test('a connection that was not accepted yet is served', async (t) => {
  const { server, port } = await startServer(t);
  const early = connect(port, '127.0.0.1');
  early.write(GET('/now'));
  await new Promise(process.nextTick); // the kernel has connected it
  const drained = drain(server, 60_000);
  assert.match(await text(early), /^HTTP\/1\.1 200 OK\r\n.*now$/s);
  assert.equal(await drained, true);
});

test('a client that keeps sending gets a response each time, until it was told to stop', async (t) => {
  const { server, port } = await startServer(t);
  const kept = await ask(port, '/now');
  const responses: string[] = [];
  kept.setEncoding('latin1').on('data', (piece: string) => {
    responses.push(piece);
    if (!piece.includes('Connection: close')) kept.write(GET('/now'));
  });
  await once(kept, 'data');
  const drained = drain(server, 60_000);
  await once(kept, 'close');
  assert.equal(await drained, true);
  assert.ok(responses.every((piece) => piece.startsWith('HTTP/1.1 200')));
  assert.match(responses.at(-1) ?? '', /Connection: close/);
});

test('of requests that were sent ahead, only the last response closes the connection', async (t) => {
  const responses: ServerResponse[] = [];
  const server = createServer((_req, res) => responses.push(res));
  t.after(() => server.closeAllConnections());
  const port = await listen(server, 0, '127.0.0.1');
  const ahead = await ask(port, '/1');
  await once(server, 'request');
  const drained = drain(server, 60_000);
  ahead.write(GET('/2') + GET('/3'));
  await once(server, 'request');
  await new Promise(setImmediate);
  for (const res of responses) res.end(`<${res.req.url}>`);
  assert.match(await text(ahead), /keep-alive.*<\/1>.*keep-alive.*<\/2>.*Connection: close.*<\/3>/s);
  assert.equal(await drained, true);
});

test('a request that has begun to arrive is served', async (t) => {
  const { server, port } = await startServer(t);
  const accepted = once(server, 'connection');
  const slow = connect(port, '127.0.0.1');
  slow.write(GET('/now').slice(0, 10));
  await accepted;
  const quiet = await ask(port, '/now');
  await once(quiet, 'data');
  const drained = drain(server, 60_000);
  await once(quiet, 'close'); // by then, a connection that was between two requests would be closed
  slow.write(GET('/now').slice(10));
  assert.match(await text(slow), /^HTTP\/1\.1 200 OK\r\n.*now$/s);
  assert.equal(await drained, true);
});

test('a connection that has said nothing yet does not hold it up', async (t) => {
  const { server, port } = await startServer(t);
  const accepted = once(server, 'connection');
  const silent = connect(port, '127.0.0.1').resume();
  await accepted;
  const drained = drain(server, 60_000);
  await once(silent, 'close');
  assert.equal(await drained, true);
});

test('an upgraded connection is cut after the deadline too', async (t) => {
  const { server, port } = await startServer(t);
  server.on('upgrade', (_req, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const upgraded = connect(port, '127.0.0.1').on('error', () => {});
  upgraded.write('GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n');
  await once(upgraded, 'data');
  const closed = once(upgraded, 'close');
  assert.equal(await drain(server, 20), false);
  await closed;
});
