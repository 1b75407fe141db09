// Ten thousand hits of a hundred clients at once are ten thousand numbers, each given once.
import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
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
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  t.after(() => agent.destroy());

  const hit = (url: string): Promise<number> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, async (res) => {
        const found = /^hit (\d+) served by web[12] \(127\.0\.0\.1\)\n$/.exec(await text(res));
        if (res.statusCode === 200 && found) resolve(Number(found[1]));
        else reject(new Error(`${res.statusCode} is no hit`));
      }).on('error', reject);
    });

  const numbers: number[] = [];
  let asked = 0;
  const client = async () => {
    while (asked < HITS) numbers.push(await hit(replicas[asked++ % 2]?.url ?? ''));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));

  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: HITS }, (_, i) => i + 1),
  );
  const keys = openRedis(t, redis.url);
  assert.equal(await keys.get('requests'), String(HITS));
  assert.deepEqual(await keys.zrevrange('counters', 0, -1, 'WITHSCORES'), ['web2', '5000', 'web1', '5000']);
  assert.deepEqual(await keys.hgetall('ip'), { '127.0.0.1': String(HITS) });
});
