// A replica that is stopping responds to every request that was sent ahead, and closes the connection with the last.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startReplica } from './replica.ts';

test('requests that were sent ahead', { skip: noRedis() }, async (t) => {
  const replica = await startReplica(t, (await startRedis(t)).url);
  const socket = connect(replica.port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  replica.draining.abort();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(5));
  const received = await text(socket);
  assert.deepEqual(received.match(/^hit \d/gm), ['hit 1', 'hit 2', 'hit 3', 'hit 4', 'hit 5']);
  assert.equal(received.match(/^Connection: close\r$/gm)?.length, 1);
  assert.match(received, /hit 4 .*Connection: close.*hit 5 /s);
});
