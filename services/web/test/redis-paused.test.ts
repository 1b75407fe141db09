// A paused Redis keeps its connections and says nothing: the replica says so in time, and recovers by itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const DEADLINE_MS = 5000; // twenty times the time-out: for a busy machine
const WAVES = 3; // the first meets the open connection, the others meet attempts to connect again

test('a paused Redis', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url, { timeoutMs: 250 });
  const hit = (key: string) => request(url).get('/').set('Idempotency-Key', key);
  const sentence = `Redis at 127.0.0.1:${redis.port} is connected but does not respond in time. Check whether it is paused or overloaded, or was disconnected from the network.\n`;
  await hit('before').expect(200);

  redis.program.child.kill('SIGSTOP');
  const keys: string[] = [];
  for (let wave = 0; wave < WAVES; wave++) {
    await t.test(`wave ${wave + 1} of requests hears so within ${DEADLINE_MS} ms`, async () => {
      const started = performance.now();
      await Promise.all([
        ...['a', 'b', 'c'].map((name) => hit(keys[keys.push(`${name}${wave}`) - 1] ?? '').expect(503, sentence)),
        request(url).get('/').expect(503, sentence), // without a key
        request(url).get('/counts').expect(503, sentence),
        request(url).get('/readyz').expect(503, sentence),
        request(url).get('/redis/set?key=test&value=1').expect(503, sentence),
        request(url).get('/healthz').expect(200),
      ]);
      const ms = performance.now() - started;
      assert.ok(ms < DEADLINE_MS, `it took ${ms} ms`);
    });
  }

  redis.program.child.kill('SIGCONT');
  await eventually(() => request(url).get('/readyz').expect(200));

  await t.test('a hit that is retried with its key is counted once', async () => {
    const numbers = await Promise.all(keys.map(async (key) => Number(/^hit (\d+)/.exec((await hit(key)).text)?.[1])));
    assert.equal(new Set(numbers).size, keys.length);
    // Those without a key may have been counted, each at most once; nothing was sent a second time.
    const requests = Number(await openRedis(t, redis.url).get('requests'));
    const least = 1 + keys.length;
    assert.ok(requests >= least && requests <= least + WAVES, `${requests} were counted`);
  });
});
