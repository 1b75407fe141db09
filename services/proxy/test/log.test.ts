// One line of JSON for each request, with which its path can be followed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import supertest from 'supertest';
import { startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

test('who served what, in which attempt, and how long it took', async (t) => {
  const broken = await startRawUpstream(t, (socket) => socket.end());
  const replica = await startUpstream(t, 'web-2', (_req, res) => res.writeHead(201).end());
  const proxy = await startProxy(t, [broken.address, replica.address]);
  await supertest(proxy.url).get('/counts?x=1').set('X-Request-Id', 'mine').expect(201);
  const { time, ms, reason, ...line } = await proxy.logged({ requestId: 'mine' });
  assert.deepEqual(line, {
    level: 'info',
    message: 'request',
    requestId: 'mine',
    method: 'GET',
    url: '/counts?x=1',
    status: 201,
    client: '127.0.0.1',
    upstream: replica.address,
    servedBy: 'web-2',
    attempts: 2,
  });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.equal(typeof ms, 'number');
  assert.match(
    String(reason),
    new RegExp(`^The replica at ${broken.address} closed the connection`),
    'why there was a second',
  );
  assert.equal(proxy.log.filter(({ requestId }) => requestId === 'mine').length, 1);
});

test('a request that was refused, and one that nobody could serve, have theirs', async (t) => {
  const replica = await startUpstream(t, 'a');
  replica.readiness = { status: 503, text: 'no' };
  const proxy = await startProxy(t, [replica.address], { env: { MAX_BODY_BYTES: '1' } });
  await supertest(proxy.url).get('/').expect(503);
  await supertest(proxy.url).post('/').send('xx').expect(413);
  assert.equal((await proxy.logged({ status: 503 }))['attempts'], 0);
  assert.equal((await proxy.logged({ status: 413 }))['attempts'], undefined);
});

test('probes are logged at level debug only', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  await supertest(proxy.url).get('/-/readyz');
  assert.equal((await proxy.logged({ url: '/-/readyz' }))['level'], 'debug');
});

test('an upstream that comes and goes has a line at each change, and no other', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address]);
  for (const status of [503, 503, 200, 200]) {
    replica.readiness = { status, text: 'no Redis' };
    await proxy.upstreams.check();
  }
  const changes = proxy.log.filter(({ message }) => String(message).startsWith('upstream is'));
  assert.deepEqual(
    changes.map(({ message, reason }) => [message, reason]),
    [
      ['upstream is healthy', undefined],
      ['upstream is unhealthy', 'no Redis'],
      ['upstream is healthy', undefined],
    ],
  );
});
