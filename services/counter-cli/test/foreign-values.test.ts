// Somebody else's value under a key of the counter: each command names the key, what it holds and what to do, and fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import type { Redis } from 'ioredis';
import { storedBy } from '../src/audit/cluster.ts';
import { askerOf } from '../src/redis/connect.ts';
import { askByCli } from '../src/redis/redis-cli.ts';
import { cli } from './cli.ts';
import { borrowCluster, connect, startCounter } from './cluster.ts';

const outOfTheWay = (key: string) =>
  `Rename it with redis-cli rename ${key} ${key}.old, or delete it with redis-cli del ${key}.`;

const FOREIGN: readonly (readonly [key: string, store: (keys: Redis) => Promise<unknown>, sentence: string])[] = [
  ['requests', (keys) => keys.rpush('requests', 'x'), 'The key requests holds a list, and the counter keeps a string'],
  ...['abc', '1.5', '9223372036854775807', '18446744073709551616', ''].map(
    (text) =>
      [
        'requests',
        (keys: Redis) => keys.set('requests', text),
        `The key requests holds "${text}", and the counter keeps a number of hits`,
      ] as const,
  ),
  ['counters', (keys) => keys.set('counters', 'x'), 'The key counters holds a string, and the counter keeps a zset'],
  [
    'counters',
    (keys) => keys.zadd('counters', '1.5', 'web1'),
    'The key counters, at "web1", holds "1.5", and the counter keeps a number of hits',
  ],
];

for (const [key, store, beginning] of FOREIGN) {
  test(beginning, { skip: noRedis() }, async (t) => {
    const { env, redis } = await borrowCluster(t);
    const keys = connect(t, redis.url);
    await store(keys);
    const before = await keys.dumpBuffer(key);
    const sentence = `${beginning} there. ${outOfTheWay(key)}`;

    assert.deepEqual(await cli(['counts'], { env }), { code: 1, out: '', err: `${sentence}\n` });

    const listed = await cli(['keys'], { env });
    assert.deepEqual([listed.code, listed.err], [1, `${sentence}\n`]);
    assert.match(listed.out, new RegExp(`^${key} `, 'm'));
    const json = await cli(['keys', '--json'], { env });
    assert.deepEqual([json.code, json.err], [1, `${sentence}\n`]);
    assert.equal(JSON.parse(json.out)[0].key, key);

    assert.deepEqual(await cli(['reset', '--yes'], { env }), {
      code: 1,
      out: '',
      err: `${sentence} Nothing was deleted.\n`,
    });
    assert.deepEqual(await keys.dumpBuffer(key), before);

    const hit = await cli(['hit', '-n', '3'], { env });
    assert.equal(hit.code, 1);
    assert.ok(`${hit.out}${hit.err}`.includes(sentence), hit.out);
    assert.doesNotMatch(hit.out, /NaN|undefined/);

    await assert.rejects(storedBy(askerOf(keys)), { message: sentence });
    const { port } = new URL(redis.url);
    const run = async (...words: string[]) => {
      const { stdout, stderr, status } = spawnSync('redis-cli', ['-p', port, ...words], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`redis-cli: ${stdout}${stderr}`);
      return stdout.trim();
    };
    if (spawnSync('redis-cli', ['--version']).status === 0) {
      await assert.rejects(storedBy(askByCli(run)), { message: sentence });
      await keys.flushall();
      assert.deepEqual(await storedBy(askByCli(run)), { requests: 0, byReplicas: 0 });
      await keys.set('requests', 7);
      await keys.zadd('counters', 3, 'web1', 4, 'web 2"');
      assert.deepEqual(await storedBy(askByCli(run)), { requests: 7, byReplicas: 7 });
    }
  });
}

test('counter watch shows the sentence, and continues when the value was removed', { skip: noRedis() }, async (t) => {
  const { env, redis } = await borrowCluster(t);
  const keys = connect(t, redis.url);
  await keys.set('requests', 'abc');
  const watch = startCounter(t, ['watch'], env);
  const line = await watch.line(
    /The key requests holds "abc", and the counter keeps a number of hits there\. Rename it/,
  );
  assert.match(line, /^no counts, /);
  await keys.rename('requests', 'requests.old');
  await watch.line(/^0 hits/);
  assert.equal(await watch.stop('SIGINT'), 0);
});
