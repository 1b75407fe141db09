// The proxy's own routes, below /-/.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@container-counter/testing/port';
import supertest from 'supertest';
import { startProxy, startUpstream } from './support.ts';

test('/-/healthz is alive, whatever the upstreams are', async (t) => {
  const proxy = await startProxy(t, [`127.0.0.1:${await freePort()}`]);
  await supertest(proxy.url).get('/-/healthz').expect(200, 'alive\n');
  await supertest(proxy.url).get('/-/healthz?from=probe').expect(200);
  const { text, headers } = await supertest(proxy.url).head('/-/healthz').expect(200);
  assert.deepEqual([text, headers['content-length']], [undefined, '6']);
});

test('/-/readyz is ready when one upstream is alive, and not while draining', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address, `127.0.0.1:${await freePort()}`]);
  await supertest(proxy.url).get('/-/readyz').expect(200, 'ready\n');
  proxy.startDraining();
  await supertest(proxy.url).get('/-/readyz').expect(503, 'The proxy is stopping. Ask again in a moment.\n');
});

test('/-/readyz is not ready with no upstream alive, and says why', async (t) => {
  const address = `127.0.0.1:${await freePort()}`;
  const proxy = await startProxy(t, [address]);
  const { text } = await supertest(proxy.url).get('/-/readyz').expect(503);
  assert.match(text, new RegExp(`^No replica can answer\\. ${address}: The replica at ${address} refused`));
});

test('/-/readyz is not ready before each upstream was asked once', async (t) => {
  const replica = await startUpstream(t, 'a');
  const slow = await startUpstream(t, 'b');
  let answer = () => {};
  slow.server.removeAllListeners('request').on('request', (_req, res) => {
    answer = () => res.end();
    slow.server.emit('asked');
  });
  const asked = new Promise((resolve) => slow.server.once('asked', resolve));
  const targets = [replica.address];
  const proxy = await startProxy(t, targets, { resolve: async (host) => [host] });
  await supertest(proxy.url).get('/-/readyz').expect(200);
  const other = startProxy(t, [replica.address, slow.address]);
  await asked;
  answer();
  await supertest((await other).url)
    .get('/-/readyz')
    .expect(200);
});

test('any other path below /-/ is not there, and any other method not allowed', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const missing = await supertest(proxy.url).get('/-/nothing').expect(404);
  assert.equal(missing.text, 'There is nothing at /-/nothing. Try /-/upstreams, /-/healthz, /-/readyz.\n');
  const refused = await supertest(proxy.url).post('/-/upstreams').send('x').expect(405);
  assert.equal(refused.text, 'POST is not for /-/upstreams. Use GET.\n');
  assert.equal(refused.headers['allow'], 'GET, HEAD');
  assert.equal(replica.requests.length, 0);
});
