// A client that leaves after any byte of a request: no complete request reaches the upstream, and nothing stays behind.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { get, headers, post } from './support/case.ts';
import { converse } from './support/converse.ts';
import { each } from './support/pool.ts';
import { startOurs } from './support/servers.ts';
import { connectionsOf, noProc } from './support/system.ts';

const REQUESTS: Readonly<Record<string, string>> = {
  GET: get('Accept: text/plain'),
  'POST with a length': post(['Content-Length: 20'], 'x'.repeat(20)),
  'a chunked POST': post(['Transfer-Encoding: chunked'], '5\r\nhello\r\n5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'),
  'a POST that waits for 100': post(['Expect: 100-continue', 'Content-Length: 5'], 'hello'),
  'a WebSocket': headers(
    'GET /live HTTP/1.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
  ),
};

/** Sends `bytes` and leaves: by a reset, or by ending its side, as a client that was killed or closed does. */
const leave = async (port: number, bytes: string, how: 'reset' | 'end'): Promise<void> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).resume();
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes, 'latin1', () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));
  await once(socket, 'close');
};

for (const [name, bytes] of Object.entries(REQUESTS)) {
  test(`early hang-ups at every byte of ${name}`, { skip: noProc }, async (t) => {
    const { port, recorder } = await startOurs(t, { HEALTH_INTERVAL_MS: '200' });
    const places = Array.from({ length: bytes.length }, (_, i) => i);
    for (const how of ['reset', 'end'] as const) {
      await each(places, 20, (i) => leave(port, bytes.slice(0, i), how));
    }
    await eventually(() => assert.equal(connectionsOf(port), 0, 'connections that stayed'));
    assert.deepEqual(recorder.requests, []);
    assert.deepEqual(recorder.malformed, []);
    assert.equal((await converse(port, get())).open, true);
    const { upstreams } = (await (await fetch(`http://127.0.0.1:${port}/-/upstreams`)).json()) as {
      upstreams: { state: string; failed: number }[];
    };
    assert.deepEqual(
      upstreams.map(({ state, failed }) => [state, failed]),
      [['healthy', 0]],
    );
  });
}
