// The relay before Redis: while it is cut nothing passes and nothing is closed; afterwards all of it comes, late.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { listening } from '@container-counter/testing/listening';
import { startRelay } from '../src/audit/relay.ts';

/** Sends back what it gets, and remembers it. */
const startEcho = async (t: TestContext) => {
  const got: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      got.push(`${chunk}`);
      socket.write(chunk);
    });
  });
  return { port: await listening(t, server), got };
};

const open = async (t: TestContext, port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
};

const echoed = async (socket: Socket, text: string): Promise<string> => {
  socket.write(text);
  return `${await once(socket, 'data')}`;
};

test('it passes, holds, and passes again', async (t) => {
  const echo = await startEcho(t);
  const relay = await startRelay(echo.port);
  t.after(relay.close);
  const before = await open(t, relay.port);
  assert.equal(await echoed(before, 'one'), 'one');

  relay.cut();
  const late = echoed(before, 'two');
  const during = await open(t, relay.port);
  const later = echoed(during, 'three');
  const gone = await open(t, relay.port);
  gone.end('four');
  assert.equal(await echoed(await open(t, echo.port), 'around it'), 'around it');
  assert.deepEqual(echo.got, ['one', 'around it']);

  relay.restore();
  assert.deepEqual(await Promise.all([late, later]), ['two', 'three']);
  await echoed(await open(t, relay.port), 'last');
  assert.deepEqual(
    echo.got.toSorted(),
    ['around it', 'four', 'last', 'one', 'three', 'two'],
    'four, though its sender left',
  );
});
