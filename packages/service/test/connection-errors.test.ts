// An error of a connection ends nothing but that connection, whoever has its socket.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import test, { type TestContext } from 'node:test';
import { listen } from '@container-counter/service/lifecycle';

const start = async (t: TestContext, server: Server): Promise<number> => {
  t.after(() => server.close().closeAllConnections());
  return listen(server, 0, '127.0.0.1');
};

/** What each event needs to come about. */
const REQUESTS = {
  connect: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
  upgrade: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n',
} as const;

for (const [event, bytes] of Object.entries(REQUESTS)) {
  for (const body of ['', 'Content-Length: 5\r\n']) {
    test(`a reset after ${event}${body && ', with a body'}`, async (t) => {
      const server = createServer();
      const handed = Promise.withResolvers<Duplex>();
      server.on(event, (_req, stream: Duplex) => {
        stream.on('close', () => server.emit('left')).write('HTTP/1.1 200 OK\r\n\r\n');
        handed.resolve(stream.resume());
      });
      const left = once(server, 'left');
      const port = await start(t, server);
      const client = connect(port, '127.0.0.1');
      client.write(bytes.replace('\r\n\r\n', `\r\n${body}\r\n`));
      await once(client, 'data');
      await handed.promise;
      client.resetAndDestroy();
      await left;
      assert.equal(server.listening, true);
    });
  }
}

test('a reset while nobody but the server has the socket', async (t) => {
  const server = createServer();
  const port = await start(t, server);
  const accepted = once(server, 'connection');
  const client = connect(port, '127.0.0.1');
  const [socket] = (await accepted) as [Socket];
  const closed = new Promise((resolve) => socket.once('close', resolve));
  client.resetAndDestroy();
  await closed;
  assert.equal(server.listening, true);
});

test('an error of accepting', async (t) => {
  const server = createServer((_req, res) => res.end('here'));
  const port = await start(t, server);
  server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE', syscall: 'accept' }));
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'here');
});
