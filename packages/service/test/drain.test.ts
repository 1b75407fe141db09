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
  const answer = await waiting;

  const drained = drain(server, 60_000);
  await once(idle, 'close');
  await refusesConnections(server, port);

  answer.end('later');
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
