// What a replica asks of its Redis before it uses it, and what it says about settings that would lose counts.
import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { listening } from '@container-counter/testing/listening';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const skip = noRedis();
const warnings = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ level }) => level === 'warn').map(({ reason }) => reason);

for (const [policy, limit, warned] of [
  ['allkeys-lru', '50mb', ['eviction']],
  ['volatile-ttl', '50mb', ['eviction']],
  ['noeviction', '50mb', []],
  ['allkeys-lru', '0', []],
] as const) {
  test(`${policy} with ${limit}: ${warned.length} warnings`, { skip }, async (t) => {
    const redis = await startRedis(t, { args: ['--maxmemory', limit, '--maxmemory-policy', policy] });
    const { url, lines } = await startReplica(t, redis.url);
    await request(url).get('/').expect(200);
    await request(url).get('/readyz').expect(200);
    assert.deepEqual(warnings(lines), warned);

    await openRedis(t, redis.url).call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() => assert.equal(lines.filter(({ message }) => message === 'connected to Redis').length, 2));
    assert.deepEqual(warnings(lines), [...warned, ...warned], 'once for each connection');
  });
}

test('a database of its own', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, `${redis.url}/7`);
  const keys = openRedis(t, redis.url);
  await request(url).get('/').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');
  assert.deepEqual(await keys.keys('*'), []);
  await keys.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await eventually(() => request(url).get('/').expect(200));
  assert.deepEqual(await keys.keys('*'), [], 'after a reconnect too');
  assert.match(await keys.info('keyspace'), /^db7:/m);
});

test('a database that is refused after a reconnect', { skip }, async (t) => {
  const first = await startRedis(t, { args: ['--databases', '32'] });
  const second = await startRedis(t, { args: ['--databases', '16'] });
  // The same address leads to another Redis after a while.
  let target = first.port;
  const sockets = new Set<Socket>();
  const wire = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    sockets.add(far.on('error', () => {}).on('close', () => near.destroy()));
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  const { url } = await startReplica(t, `redis://127.0.0.1:${await listening(t, wire)}/20`);
  await request(url).get('/').expect(200);
  target = second.port;
  for (const socket of sockets) socket.destroy();
  await eventually(async () => {
    const { body } = await request(url).get('/').set('Accept', 'application/json');
    assert.equal(body.reason, 'no such database');
  });
  assert.deepEqual(await openRedis(t, second.url).keys('*'), []);
});

test('a password that Redis does not ask for', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { url, lines } = await startReplica(t, redis.url.replace('//', '//:secret@'));
  await request(url).get('/').expect(200);
  const told = lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  assert.deepEqual(told, ['Redis does not require a password, so the configured one protects nothing.']);
});
