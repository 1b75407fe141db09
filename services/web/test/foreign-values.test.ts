// Somebody else's value under a key of the counter: a hit counts nothing, and every route says which key holds what.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { type Ask, findForeignKey } from '@container-counter/network/counter-keys';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import type { Redis } from 'ioredis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const outOfTheWay = (key: string) =>
  `Rename it with redis-cli rename ${key} ${key}.old, or delete it with redis-cli del ${key}.`;
const windows = [0, 1, 2, 3].map((window) => `seen:${window}`);

const FOREIGN: readonly (readonly [string, (keys: Redis) => Promise<unknown>, string])[] = [
  [
    'ip is a string',
    (keys) => keys.set('ip', 'x'),
    `The key ip holds a string, and the counter keeps a hash there. ${outOfTheWay('ip')}`,
  ],
  [
    'counters is a list',
    (keys) => keys.rpush('counters', 'x'),
    `The key counters holds a list, and the counter keeps a zset there. ${outOfTheWay('counters')}`,
  ],
  [
    'requests is a hash',
    (keys) => keys.hset('requests', 'x', 1),
    `The key requests holds a hash, and the counter keeps a string there. ${outOfTheWay('requests')}`,
  ],
  [
    'requests is a word',
    (keys) => keys.set('requests', 'many'),
    `The key requests holds "many", and the counter keeps a number of hits there. ${outOfTheWay('requests')}`,
  ],
  [
    'requests is as large as it can be',
    (keys) => keys.set('requests', '9223372036854775807'),
    `The key requests holds "9223372036854775807", and the counter keeps a number of hits there. ${outOfTheWay('requests')}`,
  ],
  ...['9007199254740991', '18446744073709551616', '1.5'].map(
    (hits) =>
      [
        `requests is ${hits}`,
        (keys: Redis) => keys.set('requests', hits),
        `The key requests holds "${hits}", and the counter keeps a number of hits there. ${outOfTheWay('requests')}`,
      ] as const,
  ),
  ...['1.5', 'inf', '-inf'].map(
    (hits) =>
      [
        `counters has ${hits} for this replica`,
        (keys: Redis) => keys.zadd('counters', hits, 'web1'),
        `The key counters, at "web1", holds "${hits}", and the counter keeps a number of hits there. ${outOfTheWay('counters')}`,
      ] as const,
  ),
  [
    'ip has a word for this client',
    (keys) => keys.hset('ip', '127.0.0.1', 'many'),
    `The key ip, at "127.0.0.1", holds "many", and the counter keeps a number of hits there. ${outOfTheWay('ip')}`,
  ],
  [
    'ip has the largest number for this client',
    (keys) => keys.hset('ip', '127.0.0.1', '9223372036854775807'),
    `The key ip, at "127.0.0.1", holds "9223372036854775807", and the counter keeps a number of hits there. ${outOfTheWay('ip')}`,
  ],
  [
    'all windows of idempotency keys are strings',
    (keys) => keys.mset(Object.fromEntries(windows.map((name) => [name, 'x']))),
    `The key seen:0 holds a string, and the counter keeps a hash there. ${outOfTheWay('seen:0')}`,
  ],
];

test('values that are not of the counter', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);
  const everything = async () =>
    Promise.all((await keys.keys('*')).sort().map(async (key) => [key, await keys.dumpBuffer(key)]));

  for (const [name, store, sentence] of FOREIGN) {
    for (const counted of [0, 2]) {
      await t.test(`${name}, after ${counted} hits`, async () => {
        await keys.flushall();
        for (let i = 0; i < counted; i++) await request(url).get('/').expect(200);
        await keys.del(...windows, ...(/^\S+/.exec(name) ?? []));
        await store(keys);
        const before = await everything();

        for (let attempt = 0; attempt < 3; attempt++) {
          await request(url).get('/').set('Idempotency-Key', 'a').expect(503, `${sentence}\n`);
        }
        if (!name.includes('idempotency')) await request(url).get('/').expect(503, `${sentence}\n`);
        assert.deepEqual(await everything(), before, 'a hit that failed has changed nothing');

        if (!name.includes('idempotency')) await request(url).get('/counts').expect(503, `${sentence}\n`);
        const { body } = await request(url).get('/').set('Idempotency-Key', 'a').set('Accept', 'application/json');
        assert.deepEqual([body.status, body.detail, body.reason], [503, sentence, 'wrong type']);
        if (/is a (string|list|hash|word)|are strings|is \d/.test(name))
          await request(url).get('/readyz').expect(503, `${sentence}\n`);

        await keys.del(/The key (seen|\S+?)[:, ]/.exec(sentence)?.[1] ?? '', ...windows);
        const { text } = await request(url).get('/').set('Idempotency-Key', 'a').expect(200);
        const known = name.startsWith('requests') ? 0 : counted;
        assert.equal(text, `hit ${known + 1} served by web1 (127.0.0.1)\n`);
        await request(url).get('/readyz').expect(200);
      });
    }
  }

  await t.test('scores that are no whole numbers', async () => {
    await keys.flushall();
    for (const score of ['1.5', 'inf']) {
      await keys.zadd('counters', score, 'web7');
      const sentence = `The key counters, at "web7", holds "${score}", and the counter keeps a number of hits there. ${outOfTheWay('counters')}\n`;
      await request(url).get('/counts').expect(503, sentence);
    }
  });

  await t.test('a word in place of the number of a repeat', async () => {
    await keys.flushall();
    await Promise.all(windows.map((name) => keys.hset(name, 'a', 'many')));
    await request(url).get('/').set('Idempotency-Key', 'a').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
    await request(url).get('/').set('Idempotency-Key', 'a').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
  });
});

test('the first hit of all, while a check looks at its key, is no foreign value', { skip: noRedis() }, async (t) => {
  const keys = openRedis(t, (await startRedis(t)).url);
  let commands = 0;
  const ask: Ask = async (command = '', ...args) => {
    commands += 1;
    if (commands === 2) await keys.incr('requests');
    return keys.call(command, ...args);
  };
  assert.equal(await findForeignKey(ask), undefined);
  assert.equal(await keys.get('requests'), '1');
});

// The first for each hit, those in the second line for repeats, and the last to take a hit back.
const FOR_FAULTS: ReadonlySet<string> = new Set(['hexists', 'zscore', 'hget', 'incrby', 'del', 'zrem', 'hdel']);
const NEEDED = ['incr', 'zincrby', 'hincrby', 'hset', 'expire', 'evalsha', 'time', 'exists', 'ttl', ...FOR_FAULTS];

test('a hit that cannot be counted fails alone, among those of one moment', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const keys = openRedis(t, redis.url);
  const { url } = await startReplica(t, redis.url);
  await request(url).get('/').expect(200); // connected
  for (const name of windows) await keys.set(name, 'x');
  const get = (...lines: string[]) => ['GET / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n');
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
  t.after(() => socket.destroy());
  socket.write(get() + get('Idempotency-Key: a') + get('Connection: close'));
  const statuses = (await socket.toArray()).join('').match(/(?<=HTTP\/1\.1 )\d+/g);
  assert.deepEqual(statuses, ['200', '503', '200']);
  assert.deepEqual([await keys.get('requests'), await keys.hget('ip', '127.0.0.1')], ['3', '3']);
});

test('a user who may not do everything', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const keys = openRedis(t, redis.url);
  const allow = (...rules: string[]) =>
    keys.call('ACL', 'SETUSER', 'web', 'reset', 'on', '>secret', '~*', '&*', '+@all', ...rules);
  await allow();
  const { url } = await startReplica(t, redis.url.replace('//', '//web:secret@'));
  const hit = () => request(url).get('/').set('Idempotency-Key', 'a');

  for (const command of NEEDED) {
    await t.test(`without ${command}, nothing is counted, and it is not ready`, async () => {
      await keys.flushall();
      await allow(`-${command}`);
      await request(url).get('/readyz').expect(503);
      if (FOR_FAULTS.has(command)) return;
      const { text } = await hit().expect(503);
      assert.match(text, /denies this user what it needs/);
      assert.deepEqual(await keys.keys('*'), []);
    });
  }

  for (const without of ['requests', 'counters', 'ip', ...windows]) {
    await t.test(`who may not use the key ${without}: nothing is counted, and it is not ready`, async () => {
      await keys.flushall();
      const others = ['requests', 'counters', 'ip', ...windows].filter((name) => name !== without);
      await allow('resetkeys', ...others.map((name) => `~${name}`));
      for (const path of ['/readyz', '/']) {
        const { text } = await request(url).get(path).set('Idempotency-Key', 'a').expect(503);
        assert.match(text, /denies this user what it needs/);
      }
      assert.deepEqual(await keys.keys('*'), []);
    });
  }

  for (const command of ['get', 'set', 'info', 'hlen', ...NEEDED]) {
    await t.test(`without ${command}, no record is acknowledged that is not stored`, async () => {
      await keys.flushall();
      await allow(`-${command}`);
      const set = () => request(url).get('/redis/set?key=x&value=1').set('Idempotency-Key', 'a');
      const statuses = [(await set()).status, (await set()).status];
      const stored = await keys.get('x');
      assert.deepEqual(statuses, stored === '1' ? [200, 200] : [503, 503]);
      for (const window of await keys.keys('seen:*')) assert.ok((await keys.ttl(window)) > 0, `${window} expires`);
    });
  }

  for (const rules of [['-publish'], ['resetchannels'], ['-info'], ['-type']]) {
    await t.test(`with ${rules}, hits are counted all the same`, async () => {
      await keys.flushall();
      await allow(...rules);
      await hit().expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
      await request(url).get('/redis/set?key=x&value=1').expect(200);
    });
  }
});
