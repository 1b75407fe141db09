// `counter reset` deletes the counter's own keys, and records only when told to; it asks first.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { cli } from './cli.ts';
import { borrowCluster, connect } from './cluster.ts';

/** A counter with one hit, and a record whose name is close to a key of the counter. */
const arrange = async (t: TestContext) => {
  const { env, redis, web } = await borrowCluster(t);
  const client = connect(t, redis.url);
  await (await fetch(web.url, { headers: { 'Idempotency-Key': 'k' } })).text();
  await (await fetch(`${web.url}/redis/set?key=requests2&value=kept`)).text();
  const keys = async () => (await client.keys('*')).map((key) => key.replace(/^seen:\d$/, 'seen:N')).toSorted();
  assert.deepEqual(await keys(), ALL);
  return { env, keys, question: `Reset the counter at ${redis.url}?` };
};

const ALL = ['counters', 'ip', 'requests', 'requests2', 'seen:N'];

test('--yes: the counter goes, the record stays', { skip: noRedis() }, async (t) => {
  const { env, keys } = await arrange(t);
  const { code, out } = await cli(['reset', '--yes'], { env });
  assert.match(out, /^deleted counters, ip, requests, seen:\d; kept 1 record\n$/);
  assert.equal(code, 0);
  assert.deepEqual(await keys(), ['requests2']);
  const again = await cli(['reset', '--yes'], { env });
  assert.deepEqual(again, { code: 0, out: 'there was nothing to delete; kept 1 record\n', err: '' });
});

test('--records: all of it goes', { skip: noRedis() }, async (t) => {
  const { env, keys } = await arrange(t);
  const { code, out } = await cli(['reset', '--records', '-y'], { env });
  assert.match(out, /^deleted counters, ip, requests, seen:\d, 1 record\n$/);
  assert.equal(code, 0);
  assert.deepEqual(await keys(), []);
});

test('a yes typed at the question', { skip: noRedis() }, async (t) => {
  const { env, keys, question } = await arrange(t);
  const { code, out } = await cli(['reset'], { env, types: 'Yes\n' });
  assert.ok(out.startsWith(`${question} [y/N] deleted counters`), out);
  assert.equal(code, 0);
  assert.deepEqual(await keys(), ['requests2']);
});

test("another program's keys that begin like the counter's are left alone", { skip: noRedis() }, async (t) => {
  const { env, redis } = await borrowCluster(t);
  const client = connect(t, redis.url);
  await client.mset('seen:users', '1', 'seen:10', '1');
  const listed = JSON.parse((await cli(['keys', '--json'], { env })).out) as { key: string; writtenBy: string }[];
  assert.deepEqual(
    listed.map(({ key, writtenBy }) => [key, writtenBy]),
    ['seen:10', 'seen:users'].map((key) => [key, 'another program: no record can have this name']),
  );
  assert.equal((await cli(['reset', '--yes'], { env })).out, 'there was nothing to delete; kept 2 records\n');
});

for (const [name, types] of [
  ['a no', 'n\n'],
  ['only return', '\n'],
  ['the end of the input', ''],
] as const) {
  test(`${name} at the question`, { skip: noRedis() }, async (t) => {
    const { env, keys } = await arrange(t);
    const { code, err } = await cli(['reset'], { env, types });
    assert.equal(err, 'Nothing was deleted.\n');
    assert.equal(code, 1);
    assert.deepEqual(await keys(), ALL);
  });
}

test('nobody can be asked', { skip: noRedis() }, async (t) => {
  const { env, keys, question } = await arrange(t);
  const { code, out, err } = await cli(['reset'], { env });
  assert.equal(err, `${question} Not a terminal, so it cannot ask. Confirm with --yes.\n`);
  assert.equal(out, '');
  assert.equal(code, 2);
  assert.deepEqual(await keys(), ALL);
});
