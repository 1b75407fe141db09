// A replica whose response cannot be read: it is asked once more over a new connection, and never again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy } from './support.ts';

test('a header with a control character: 502 after two attempts at most', async (t) => {
  const head = 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 2\r\n\r\nok';
  const raw = await startRawUpstream(t, (socket) => socket.end(head, 'latin1'));
  const proxy = await startProxy(t, [raw.address]);
  const request = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  for (let i = 0; i < 3; i += 1) {
    const response = await rawClient(t, proxy.port, request).closed;
    assert.match(response, /^HTTP\/1\.1 502 /);
    assert.match(response, /\r\nX-Attempts: [12]\r\n/);
  }
});
