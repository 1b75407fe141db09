// A replica that was frozen counts for those who still wait, and not for those who left: they have asked another one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';

const FREEZE_MS = 3500; // a shorter one than 3 s is none

test('frozen with requests of clients that leave, and of one that waits', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const web = await startService(t, 'web', { INSTANCE: 'web1', REDIS_URL: redis.url });
  await web.line(/connected to Redis/);
  const open = async (): Promise<Socket> => {
    const socket = connect(web.port, '127.0.0.1');
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const send = (socket: Socket) => socket.write('GET / HTTP/1.1\r\nHost: counter\r\n\r\n');

  const used = await open();
  send(used);
  assert.match(`${await once(used, 'data')}`, /hit 1 served by web1/);

  web.child.kill('SIGSTOP');
  const waiting = await open();
  send(waiting);
  for (const leaving of [used, ...(await Promise.all(Array.from({ length: 20 }, open)))]) {
    send(leaving);
    leaving.end();
    leaving.resume();
  }
  await sleep(FREEZE_MS);
  web.child.kill('SIGCONT');

  assert.match(`${await once(waiting, 'data')}`, /hit \d+ served by web1/);
  const counts = (await (await fetch(`${web.url}/counts`)).json()) as { requests: number };
  assert.equal(counts.requests, 2);
});
