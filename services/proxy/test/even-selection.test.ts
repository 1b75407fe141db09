// 99 requests over three replicas are 33 for each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import supertest from 'supertest';
import { noIPv6, oneLoopback, startHost, startProxy, startUpstream, type TestUpstream } from './support.ts';

const addressesOf = (replicas: readonly TestUpstream[]) => async () =>
  replicas.map(({ address }) => address.split(':')[0] ?? '');

test('one after another, in the order of the names', { skip: oneLoopback }, async (t) => {
  const replicas = await startHost(t, 'web-10', 'web-2', 'web-1');
  const proxy = await startProxy(t, [`web:${replicas[0]?.port}`], { resolve: addressesOf(replicas) });
  const order = [];
  for (let i = 0; i < 99; i += 1) order.push((await supertest(proxy.url).get('/')).text);
  assert.deepEqual(order, Array.from({ length: 33 }, () => ['web-1', 'web-2', 'web-10']).flat());
});

test('with many at once', async (t) => {
  const replicas = await Promise.all(['a', 'b', 'c'].map((name) => startUpstream(t, name)));
  const proxy = await startProxy(
    t,
    replicas.map(({ address }) => address),
  );
  await Promise.all(Array.from({ length: 99 }, () => supertest(proxy.url).get('/').expect(200)));
  assert.deepEqual(
    replicas.map(({ requests }) => requests.length),
    [33, 33, 33],
  );
});

test('the targets keep the order in which they are listed', async (t) => {
  const [z, a] = [await startUpstream(t, 'z'), await startUpstream(t, 'a')];
  const proxy = await startProxy(t, [z.address, a.address]);
  const order = [];
  for (let i = 0; i < 4; i += 1) order.push((await supertest(proxy.url).get('/')).text);
  assert.deepEqual(order, ['z', 'a', 'z', 'a']);
});

test('a replica with addresses of both families is selected once per round', { skip: noIPv6 }, async (t) => {
  const a = await startUpstream(t, 'a');
  const sameReplica = await startUpstream(t, 'a', undefined, { host: '::1', port: a.port });
  const b = await startUpstream(t, 'b', undefined, { host: '127.0.0.2', port: a.port });
  const resolve = async () => ['127.0.0.1', '127.0.0.2', '::1'];
  const proxy = await startProxy(t, [`web:${a.port}`], { resolve });
  const order = [];
  for (let i = 0; i < 4; i += 1) order.push((await supertest(proxy.url).get('/')).text);
  assert.deepEqual(order, ['a', 'b', 'a', 'b']);
  assert.equal(sameReplica.requests.length, 0);
  const { body } = await supertest(proxy.url).get('/-/upstreams');
  assert.deepEqual(
    body.upstreams.map(({ name }: { name: string }) => name),
    ['a', 'b'],
  );

  a.server.close();
  a.server.closeAllConnections();
  await proxy.upstreams.check();
  await supertest(proxy.url).get('/').expect(200);
  await supertest(proxy.url).get('/').expect(200);
  assert.equal(sameReplica.requests.length, 1, 'the other address stands in for one that fails');
  assert.equal(b.requests.length, 3);
});
