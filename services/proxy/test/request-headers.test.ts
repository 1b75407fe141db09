// The headers that an upstream gets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import supertest from 'supertest';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

test('X-Request-Id: a valid one is kept, any other replaced, and it comes back', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const table: [given: string | undefined, kept: boolean][] = [
    ['abc-1.2_3', true],
    ['x'.repeat(64), true],
    [undefined, false],
    ['x'.repeat(65), false],
    ['two words', false],
    ['a,b', false],
    ['<script>', false],
  ];
  for (const [given, kept] of table) {
    const requested = supertest(proxy.url).get('/');
    const { headers } = await (given === undefined ? requested : requested.set('X-Request-Id', given));
    const id = replica.requests.at(-1)?.headers['x-request-id'] as string;
    if (kept) assert.equal(id, given);
    else assert.match(id, UUID, `${given}`);
    assert.equal(headers['x-request-id'], id);
  }
});

test('Idempotency-Key: added when there is none, kept when there is one', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  await supertest(proxy.url).get('/');
  await supertest(proxy.url).get('/');
  await supertest(proxy.url).get('/').set('Idempotency-Key', 'mine');
  const keys = replica.requests.map(({ headers }) => headers['idempotency-key'] as string);
  assert.match(keys[0] ?? '', UUID);
  assert.match(keys[1] ?? '', UUID);
  assert.notEqual(keys[0], keys[1]);
  assert.equal(keys[2], 'mine');
});

test('a key that Connection takes away is replaced by a new one', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  await supertest(proxy.url).get('/').set({ Connection: 'Idempotency-Key', 'Idempotency-Key': 'mine' });
  assert.match(String(replica.requests[0]?.headers['idempotency-key']), UUID);
});

test('all else reaches the upstream as it was sent: names, order, duplicates and bytes', async (t) => {
  const raw = await startRawUpstream(t, (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  const proxy = await startProxy(t, [raw.address]);
  const sent = [
    'Host: counter.example:8080',
    'aCCept: text/plain',
    'Cookie: a=1',
    'X-Same: 1',
    'X-Same: 2',
    'X-Bytes: caf\xe9 \xf0\x9f\x8d\xba',
  ];
  const client = rawClient(t, proxy.port, `GET /a//b/../c?x=%20&y HTTP/1.1\r\n${sent.join('\r\n')}\r\n\r\n`);
  await client.until(/^HTTP\/1\.1 204/);
  const [head = ''] = raw.carried();
  const lines = head.split('\r\n');
  assert.equal(lines[0], 'GET /a//b/../c?x=%20&y HTTP/1.1');
  assert.equal(lines.filter((line) => /^host: counter\.example:8080$/i.test(line)).length, 1);
  assert.deepEqual(
    lines.filter((line) => sent.slice(1).includes(line)),
    sent.slice(1),
  );
  const own = lines
    .slice(1)
    .map((line) => line.split(':')[0]?.toLowerCase())
    .filter((name) => !sent.join().toLowerCase().includes(`${name}:`));
  assert.deepEqual(own.filter(Boolean).sort(), [
    'connection',
    'idempotency-key',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-request-id',
  ]);
});

test('Max-Forwards: each is one less in an OPTIONS request', async (t) => {
  const raw = await startRawUpstream(t, (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  const proxy = await startProxy(t, [raw.address]);
  const sent = ['Host: a', 'Max-Forwards: 5', 'max_forwards: 3', 'X: 7'];
  const client = rawClient(t, proxy.port, `OPTIONS /a HTTP/1.1\r\n${sent.join('\r\n')}\r\n\r\n`);
  await client.until(/^HTTP\/1\.1 204/);
  const lines = raw.carried()[0]?.split('\r\n') ?? [];
  assert.deepEqual(
    lines.filter((line) => /^(?:max|X:)/i.test(line)),
    ['Max-Forwards: 4', 'max_forwards: 2', 'X: 7'],
  );
});
