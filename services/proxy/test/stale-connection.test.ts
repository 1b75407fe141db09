// A kept connection may end while a request is on its way into it: that earns the request another, over a new one.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import supertest from 'supertest';
import { startRawUpstream } from './raw.ts';
import { startProxy } from './support.ts';

/** Responds to the first request of each connection, and breaks the connection at the second. */
const respondOnce = (breakOff: (socket: Socket) => void) => (socket: Socket, bytes: string) => {
  const requests = bytes.split('\r\n\r\n').length - 1;
  if (requests > 1) return breakOff(socket);
  const id = /^X-Request-Id: (\S+)/im.exec(bytes)?.[1];
  socket.write(`HTTP/1.1 200 OK\r\nX-Request-Id: ${id}\r\nContent-Length: 2\r\n\r\nok`);
};

const breaks = { end: (socket: Socket) => socket.end(), reset: (socket: Socket) => socket.resetAndDestroy() };

for (const [name, breakOff] of Object.entries(breaks)) {
  for (const path of ['/', '/counts']) {
    test(`${name} of the only upstream's kept connection: GET ${path}`, async (t) => {
      const upstream = await startRawUpstream(t, respondOnce(breakOff), { echo: true });
      const proxy = await startProxy(t, [upstream.address]);
      const attempts = [];
      for (let i = 0; i < 6; i += 1) {
        const { headers } = await supertest(proxy.url).get(path).expect(200, 'ok');
        attempts.push(headers['x-attempts']);
      }
      assert.ok(attempts.includes('2'), `a kept connection was used: ${attempts}`);
      assert.ok(!attempts.includes('3'), `a new connection is not stale: ${attempts}`);
    });
  }
}

test('a POST that was sent into it is not retried', async (t) => {
  const upstream = await startRawUpstream(t, respondOnce(breaks.end), { echo: true });
  const proxy = await startProxy(t, [upstream.address]);
  await supertest(proxy.url).get('/counts').expect(200);
  const { headers } = await supertest(proxy.url).post('/').expect(502);
  assert.equal(headers['x-attempts'], '1');
});

test('a new connection that ends at once is no reason for another', async (t) => {
  let connections = 0;
  const upstream = await startRawUpstream(t, (socket) => socket.end());
  const proxy = await startProxy(t, [upstream.address]);
  upstream.server.on('connection', () => {
    connections += 1;
  });
  await supertest(proxy.url).get('/counts').expect(502); // over the connection of the health check, and a new one
  assert.ok(connections <= 1 + 1, `${connections} new connections, that of a health check among them`);
});
