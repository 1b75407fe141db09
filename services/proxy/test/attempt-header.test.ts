// From the second attempt on, a replica gets its number in X-Attempt, which a client cannot set. Response times are summed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { startProxy, startUpstream } from './support.ts';

test('the second attempt has its number', async (t) => {
  const broken = await startUpstream(t, 'a', (req) => req.socket.destroy());
  const whole = await startUpstream(t, 'b');
  const proxy = await startProxy(t, [broken.address, whole.address]);
  await request(proxy.url).get('/').set('X-Attempt', '7').expect(200).expect('X-Attempts', '2');
  assert.equal(broken.requests[0]?.headers['x-attempt'], undefined);
  assert.equal(whole.requests[0]?.headers['x-attempt'], '2');
});

test('response times are summed', async (t) => {
  const slow = await startUpstream(t, 'a', (_req, res) => setTimeout(() => res.end('a'), 30));
  const proxy = await startProxy(t, [slow.address]);
  for (let i = 0; i < 2; i += 1) await request(proxy.url).get('/').expect(200);
  const { servedMs } = (await request(proxy.url).get('/-/upstreams')).body.upstreams[0];
  assert.ok(servedMs >= 58 && servedMs < 3000, `${servedMs} ms`);
});
