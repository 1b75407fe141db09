// Retries are a share of the requests: a sick cluster gets its load, and not a multiple of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import supertest from 'supertest';
import { createRetryBudget } from '../src/forward/retry-budget.ts';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

test('a budget starts full, is spent, and refills with the requests', () => {
  const budget = createRetryBudget(0.5, 2);
  assert.deepEqual([budget.tryWithdraw(), budget.tryWithdraw(), budget.tryWithdraw()], [true, true, false]);
  budget.deposit();
  assert.equal(budget.tryWithdraw(), false);
  budget.deposit();
  assert.deepEqual([budget.tryWithdraw(), budget.tryWithdraw()], [true, false]);
});

test('a budget holds no more than its capacity', () => {
  const budget = createRetryBudget(1, 2);
  for (let i = 0; i < 10; i += 1) budget.deposit();
  assert.deepEqual([budget.tryWithdraw(), budget.tryWithdraw(), budget.tryWithdraw()], [true, true, false]);
});

test('if every replica responds with 503, retries stop with the budget, and the 503 is passed on', async (t) => {
  const sick = await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      startUpstream(t, name, (_req, res) => res.writeHead(503, { 'Content-Length': 1 }).end(name)),
    ),
  );
  const proxy = await startProxy(
    t,
    sick.map(({ address }) => address),
    { retries: createRetryBudget(0, 3) },
  );
  const attempts = [];
  for (let i = 0; i < 4; i += 1) {
    await proxy.upstreams.check();
    const { status, headers, text } = await supertest(proxy.url).get('/');
    assert.equal(status, 503);
    assert.match(text, /^[abc]$/);
    attempts.push(Number(headers['x-attempts']));
  }
  assert.deepEqual(attempts, [3, 2, 1, 1]);
  assert.equal(sick.flatMap(({ requests }) => requests).length, 7);
});

test('an upgrade that is retried costs one retry', async (t) => {
  const unready = await startUpstream(t, 'a');
  unready.server.on('upgrade', (_req, socket) =>
    socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'),
  );
  const willing = await startUpstream(t, 'b');
  willing.server.on('upgrade', (_req, socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  );
  const retries = createRetryBudget();
  const proxy = await startProxy(t, [unready.address, willing.address], { retries });
  const headers = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  await rawClient(t, proxy.port, `GET /live HTTP/1.1\r\n${headers}\r\n${key}\r\n\r\n`).until(/x-attempts: 2/i);
  assert.deepEqual(retries.counters, { retries: 1, replays: 1, denied: 0 });
});
