// A replica that was suspended counts hits of clients that still wait, and not of those that have disconnected to try another.
// After a long suspension nothing that had waited takes effect, for Redis may have forgotten that it was repeated.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { openRedis } from './replica.ts';

const SUSPENDED_MS = 3500; // a shorter time than 3 s is none

test('suspended with requests of clients that leave, and of one that waits', { skip: noRedis() }, async (t) => {
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
  await sleep(SUSPENDED_MS);
  web.child.kill('SIGCONT');

  assert.match(`${await once(waiting, 'data')}`, /hit \d+ served by web1/);
  const counts = (await (await fetch(`${web.url}/counts`)).json()) as { requests: number };
  assert.equal(counts.requests, 2);
});

const LONG_MS = 22_000; // a shorter time than 20 s does not matter: Redis knows the keys of all that was repeated
const BACKLOG = 200;

test('suspended for long, nothing that had waited is written, and what comes then is', {
  skip: noRedis(),
}, async (t) => {
  const redis = await startRedis(t);
  const web = await startService(t, 'web', { INSTANCE: 'web1', REDIS_URL: redis.url });
  const keys = openRedis(t, redis.url);
  const open = async (): Promise<Socket> => {
    const socket = connect(web.port, '127.0.0.1').on('error', () => {});
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: counter\r\nAccept: application/json\r\n\r\n`;
  const put = (path: string) => `PUT ${path} HTTP/1.1\r\nHost: counter\r\nContent-Length: 1\r\n\r\n1`;
  const ways = [get('/redis/set?key=query&value=1'), put('/redis/path'), put('/redis/set?key=put&value=1'), get('/')];

  const kept = await Promise.all(ways.map(open));
  for (const socket of kept) {
    socket.write(get('/healthz'));
    await once(socket, 'data');
  }
  web.child.kill('SIGSTOP');
  for (const [i, socket] of kept.entries()) socket.write(ways[i] ?? '');
  const queued = await Promise.all(Array.from({ length: BACKLOG }, open));
  queued.forEach((socket, i) => {
    socket.write(ways[i % ways.length] ?? '');
    if (i % 2 === 0) socket.destroy();
  });
  await sleep(LONG_MS);
  const responses = [...kept, ...queued.filter(({ destroyed }) => !destroyed)].map(async (socket) =>
    String((await once(socket, 'data'))[0]),
  );
  web.child.kill('SIGCONT');

  for (const text of await Promise.all(responses)) {
    assert.match(text, /^HTTP\/1\.1 503 /);
    assert.match(text, /delayed for so long/);
  }
  assert.deepEqual(await keys.keys('*'), []);
  await eventually(async () => assert.equal((await fetch(`${web.url}/redis/set?key=x&value=1`)).status, 200));
  assert.equal(await (await fetch(web.url)).text(), `hit 1 served by web1 (127.0.0.1)\n`);
  assert.deepEqual((await keys.keys('*')).sort(), ['counters', 'ip', 'requests', 'x']);
});
