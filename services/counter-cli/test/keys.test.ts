// `counter keys` lists every key with its type, its value and its writer, and stored bytes stay harmless.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { noRedis } from '@container-counter/testing/redis';
import type { Entry } from '../src/redis/entries.ts';
import { cli } from './cli.ts';
import { borrowCluster, connect } from './cluster.ts';

test('what the counter wrote comes first, then the records', { skip: noRedis() }, async (t) => {
  const { env, web } = await borrowCluster(t);
  assert.deepEqual(await cli(['keys'], { env }), { code: 0, out: 'no keys yet\n', err: '' });

  await (await fetch(web.url, { headers: { 'Idempotency-Key': 'k' } })).text();
  await (await fetch(`${web.url}/redis/set?key=constructor&value=%E2%9C%93`)).text();
  const { code, out } = await cli(['keys'], { env });
  assert.equal(code, 0);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  assert.deepEqual(rows[0], ['key', 'type', 'value', 'expires in', 'written by']);
  assert.deepEqual(rows[1], ['requests', 'string', '1', 'web: one more for each hit']);
  assert.deepEqual(rows[2], ['counters', 'zset', 'web1 1', 'web: one more for the replica that served the hit']);
  assert.deepEqual(rows[3], ['ip', 'hash', '127.0.0.1 1', 'web: one more for the client that sent the hit']);
  assert.match(rows[4]?.join() ?? '', /^seen:[0-3],hash,k 1,(?:60|5\d) s,web: the Idempotency-Key/);
  assert.deepEqual(rows[5], ['constructor', 'string', '✓', 'a record: by PUT /redis/KEY or GET /redis/set']);
  assert.equal(rows.length, 6);
});

test('bytes that could drive the terminal are escaped, and long values cut', { skip: noRedis() }, async (t) => {
  const { env, redis } = await borrowCluster(t);
  const client = connect(t, redis.url);
  await client.set('\u001b]0;title\u0007', Buffer.from([0x00, 0x9b, 0xff, 0x0a]));
  await client.set('bidi', 'a\u202eb\u2028c');
  await client.set('long', 'x'.repeat(100));
  await client.rpush('list', 'a', 'b');

  const { out } = await cli(['keys'], { env, terminal: true });
  assert.match(out, /\\x1b\]0;title\\x07.* \\x00\\x9b\\xff\\n /);
  assert.match(out, / a\\u\{202e\}b\\u\{2028\}c /);
  assert.match(out, / x{40}… /);
  const text = stripVTControlCharacters(out);
  assert.match(text, /^list +list +\(2 in it; see them with redis-cli\) /m);
  assert.doesNotMatch(text, /[^\P{C}\n]/u);

  const json = await cli(['keys', '--json'], { env });
  assert.doesNotMatch(json.out, /[^\P{Cc}\n]/u);
  const entries = JSON.parse(json.out) as Entry[];
  assert.equal(entries.find(({ key }) => key === 'long')?.value, 'x'.repeat(100));
  assert.deepEqual(
    entries.find(({ key }) => key === 'list'),
    {
      key: 'list',
      type: 'list',
      value: null,
      size: 2,
      ttl: null,
      writtenBy: 'a record: by PUT /redis/KEY or GET /redis/set',
    },
  );
});

test('more keys than one SCAN returns', { skip: noRedis() }, async (t) => {
  const { env, redis } = await borrowCluster(t);
  const client = connect(t, redis.url);
  await client.mset(Array.from({ length: 2500 }, (_, i) => [`key${i}`, `${i}`]).flat());
  const { out } = await cli(['keys', '--json'], { env });
  assert.deepEqual(
    (JSON.parse(out) as Entry[]).map(({ key, value }) => `${key}=${value}`),
    Array.from({ length: 2500 }, (_, i) => `key${i}=${i}`),
  );
});
