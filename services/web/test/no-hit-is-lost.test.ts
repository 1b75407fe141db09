// Ten thousand hits of a hundred clients at once are ten thousand numbers, each given once.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { openRedis, startReplica } from './replica.ts';

const CLIENTS = 100;
const HITS = 10_000;

test('concurrent hits', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const replicas = [
    await startReplica(t, redis.url, { name: 'web1' }),
    await startReplica(t, redis.url, { name: 'web2' }),
  ];
  // A connection of its own for each client, and no HTTP library: it would take most of the time.
  const numbers: number[] = [];
  const client = async (port: number): Promise<void> => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8').setNoDelay();
    t.after(() => socket.destroy());
    for (let i = 0; i < HITS / CLIENTS; i++) {
      socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
      let response = '';
      while (!response.endsWith(')\n')) response += (await once(socket, 'data'))[0];
      const found = /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nhit (\d+) served by web[12] \(127\.0\.0\.1\)\n$/s.exec(response);
      assert.ok(found, response);
      numbers.push(Number(found[1]));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(replicas[i % 2]?.port ?? 0)));

  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: HITS }, (_, i) => i + 1),
  );
  const keys = openRedis(t, redis.url);
  assert.equal(await keys.get('requests'), String(HITS));
  assert.deepEqual(await keys.zrevrange('counters', 0, -1, 'WITHSCORES'), ['web2', '5000', 'web1', '5000']);
  assert.deepEqual(await keys.hgetall('ip'), { '127.0.0.1': String(HITS) });
});
