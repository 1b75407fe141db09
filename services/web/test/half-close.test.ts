// A client that closes its side of the connection after its request, as nc -N does, gets its response from a replica too.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startReplica } from './replica.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('half-closed after one request, and after several', { skip: noRedis() }, async (t) => {
  const { port } = await startReplica(t, (await startRedis(t)).url);
  for (const [requests, hits] of [
    [GET, ['hit 1']],
    [GET + GET, ['hit 2', 'hit 3']],
  ] as const) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    t.after(() => socket.destroy());
    socket.end(requests);
    const received = await text(socket);
    assert.deepEqual(received.match(/^hit \d/gm), hits);
    // The last one says so, unless it went out before the end of the requests had come in.
    assert.ok((received.match(/^Connection: close\r$/gm)?.length ?? 0) <= 1);
  }
});
