// The hits of one turn of the event loop: one call of Redis, and for each hit its own number, repeat or error.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createLogger } from '@container-counter/service/log';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { createCounter } from '../src/counter.ts';
import { connectRedis } from '../src/redis.ts';
import { openRedis } from './replica.ts';

const start = async (t: TestContext) => {
  const { url } = await startRedis(t);
  const keys = openRedis(t, url);
  const redis = connectRedis(new URL(url), 1000, createLogger({}, 'silent'));
  t.after(() => redis.close());
  const counter = createCounter(redis, 'web1');
  const hit = (key: string, client = '10.0.0.1') =>
    counter.hit(client, key, performance.now(), { id: `id-${key}`, attempt: 1 });
  await hit('first'); // loads the script
  const calls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await keys.info('commandstats'))?.[1] ?? 0);
  return { keys, hit, calls };
};

test('hits of one turn of the event loop', { skip: noRedis() }, async (t) => {
  const { keys, hit, calls } = await start(t);

  await t.test('are one call, and are numbered in their order', async () => {
    const before = await calls();
    const hits = await Promise.all(Array.from({ length: 20 }, (_, i) => hit(`a${i}`)));
    assert.deepEqual(
      hits.map(({ number, replicaHits, clientHits }) => [number, replicaHits, clientHits]),
      hits.map((_, i) => [i + 2, i + 2, i + 2]),
    );
    assert.equal((await calls()) - before, 1);
  });

  await t.test('a key that comes twice is counted once', async () => {
    const [once, again, other] = await Promise.all([hit('b'), hit('b'), hit('c')]);
    assert.deepEqual([again.number, again.repeat], [once.number, true]);
    assert.deepEqual([other.number, other.repeat], [once.number + 1, false]);
  });

  await t.test('more than a hundred are several calls', async () => {
    const [before, counted] = [await calls(), Number(await keys.get('requests'))];
    const hits = await Promise.all(Array.from({ length: 250 }, (_, i) => hit(`d${i}`)));
    assert.equal((await calls()) - before, 3);
    assert.deepEqual(
      hits.map(({ number }) => number),
      hits.map((_, i) => counted + 1 + i),
    );
  });

  await t.test('the error of one is not that of the others', async () => {
    const counted = Number(await keys.get('requests'));
    await keys.hset('ip', '10.0.0.2', 'nonsense');
    const hits = await Promise.allSettled([hit('e'), hit('f', '10.0.0.2'), hit('g'), hit('h', '10.0.0.2')]);
    assert.deepEqual(
      hits.map((settled) => (settled.status === 'fulfilled' ? settled.value.number : settled.reason.name)),
      [counted + 1, 'ForeignValue', counted + 2, 'ForeignValue'],
    );
    assert.equal(Number(await keys.get('requests')), counted + 2);
    assert.equal(await keys.hget('ip', '10.0.0.2'), 'nonsense');
  });

  await t.test('listeners are told of each in one message', async () => {
    const listener = keys.duplicate();
    t.after(() => listener.disconnect());
    const message = new Promise((resolve) => listener.once('message', (_channel, text) => resolve(text)));
    await listener.subscribe('hits');
    const [first, second] = await Promise.all([hit('i'), hit('j')]);
    assert.equal(await message, `${first.number} web1 10.0.0.1 id-i 1\n${second.number} web1 10.0.0.1 id-j 1`);
  });
});
