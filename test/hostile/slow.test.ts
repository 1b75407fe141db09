// Clients that send or read too slowly are cut, and the log says so.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { listen } from '@container-counter/service/lifecycle';
import { eventually } from '@container-counter/testing/eventually';
import { startService } from '@container-counter/testing/services';
import { get, post } from './support/case.ts';
import { startOurs } from './support/servers.ts';

// What is sent at once, and what follows it byte by byte until the connection is closed.
const DRIPS: readonly (readonly [name: string, start: string, drip: string, expected: RegExp])[] = [
  ['the headers', 'GET / HTTP/1.1\r\nHost: counter.example\r\nX: ', 'x', /^HTTP\/1\.1 408 /],
  ['header after header', 'GET / HTTP/1.1\r\nHost: counter.example\r\n', 'X: y\r\n', /^HTTP\/1\.1 408 /],
  ['the request line', 'GET /', 'x', /^HTTP\/1\.1 408 /],
  ['a body with a length', post(['Content-Length: 1000'], ''), 'x', /^HTTP\/1\.1 408 /],
  ['chunk after chunk', post(['Transfer-Encoding: chunked'], ''), '1\r\nx\r\n', /^HTTP\/1\.1 408 /],
  ['a chunk extension', post(['Transfer-Encoding: chunked'], '5;'), 'x', /^HTTP\/1\.1 408 /],
  ['the trailers', post(['Transfer-Encoding: chunked'], '0\r\nX: '), 'x', /^HTTP\/1\.1 408 /],
  ['a second request', get() + get().slice(0, -2), 'X: y\r\n', /^HTTP\/1\.1 200 .*HTTP\/1\.1 408 /s],
];

test('a client that drips', async (t) => {
  const { port, recorder, program } = await startOurs(t, { HEADER_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600' });
  for (const [name, start, drip, expected] of DRIPS) {
    await t.test(name, async () => {
      const before = program.lines.length;
      recorder.clear();
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
      t.after(() => socket.destroy());
      socket.on('error', () => {});
      const received: string[] = [];
      socket.on('data', (piece: string) => received.push(piece));
      socket.write(start);
      const tap = setInterval(() => socket.write(drip), 20);
      await once(socket, 'close');
      clearInterval(tap);
      assert.match(received.join(''), expected);
      assert.ok(recorder.requests.every(({ method }) => method === 'GET'));
      const refusal = /"status":408,"reason":"ERR_HTTP_REQUEST_TIMEOUT","message":"rejected input"/;
      await eventually(() => assert.match(program.lines.slice(before).join('\n'), refusal));
    });
  }
});

test('a client that sends byte by byte, but in time, is served', async (t) => {
  const { port, recorder } = await startOurs(t, {});
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
  t.after(() => socket.destroy());
  for (const byte of post(['Content-Length: 5'], 'hello')) {
    await new Promise((resolve) => socket.write(byte, resolve));
  }
  const [response] = await once(socket, 'data');
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n/);
  assert.deepEqual(
    recorder.requests.map(({ body }) => body),
    ['hello'],
  );
});

test('a client that does not read its response', async (t) => {
  const endless = createServer((req, res) => {
    if (req.url === '/readyz') return res.end();
    const more = () => {
      while (res.write(Buffer.alloc(65_536)));
    };
    res.on('drain', more);
    more();
  });
  t.after(() => endless.close().closeAllConnections());
  const upstream = await listen(endless, 0, '127.0.0.1');
  const env = { UPSTREAMS: `127.0.0.1:${upstream}`, IDLE_TIMEOUT_MS: '500' };
  const proxy = await startService(t, 'proxy', env);
  await proxy.line(/"message":"upstream is healthy"/);
  const socket = connect(proxy.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {}).pause();
  socket.write(get());
  await proxy.line(/"reason":"the client does not read its response","message":"closed connection"/);
  socket.resume();
  await once(socket, 'close');
});
