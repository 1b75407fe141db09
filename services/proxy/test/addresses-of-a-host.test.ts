// A host with several addresses is several upstreams, and the set follows what the name resolves to.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import supertest from 'supertest';
import { oneLoopback, startHost, startProxy, startUpstream } from './support.ts';

const options = { skip: oneLoopback };
const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND web'), { code: 'ENOTFOUND' });

test('each address of one name is selected', options, async (t) => {
  const replicas = await startHost(t, 'a', 'b', 'c');
  const proxy = await startProxy(t, [`web:${replicas[0]?.port}`], {
    resolve: async () => ['127.0.0.1', '127.0.0.2', '127.0.0.3'],
  });
  const order = [];
  for (let i = 0; i < 6; i += 1) order.push((await supertest(proxy.url).get('/')).text);
  assert.deepEqual(order, ['a', 'b', 'c', 'a', 'b', 'c']);
});

test('a new address is picked up at the next DNS lookup', options, async (t) => {
  const replicas = await startHost(t, 'a', 'b');
  let addresses = ['127.0.0.1'];
  const env = { RESOLVE_INTERVAL_MS: '20' };
  const proxy = await startProxy(t, [`web:${replicas[0]?.port}`], { env, resolve: async () => addresses });
  const [first] = proxy.upstreams.list();
  addresses = ['127.0.0.1', '127.0.0.2'];
  await eventually(() => assert.equal(proxy.upstreams.list().filter(({ healthy }) => healthy).length, 2), { every: 5 });
  assert.equal(proxy.upstreams.list()[0], first, 'the one that was known is kept, with its counts');
});

test('a name that is being looked up for long holds up no other one', options, async (t) => {
  const replicas = await startHost(t, 'a', 'b', 'c');
  const found: Record<string, Promise<string[]>> = {
    good: Promise.resolve(['127.0.0.1']),
    slow: Promise.resolve(['127.0.0.2']),
  };
  const targets = Object.keys(found).map((name) => `${name}:${replicas[0]?.port}`);
  const proxy = await startProxy(t, targets, { resolve: (host) => found[host] ?? Promise.reject(notFound) });
  found['good'] = Promise.resolve(['127.0.0.3']);
  found['slow'] = new Promise(() => {});
  void proxy.upstreams.check();
  await eventually(() => {
    const healthy = proxy.upstreams.list().filter(({ healthy }) => healthy);
    assert.deepEqual(
      healthy.map(({ name }) => name),
      ['c', 'b'],
    );
  });
});

test('the order is kept during the first health check of a new one', options, async (t) => {
  const [third] = await startHost(t, 'web-3', 'web-2', 'web-1');
  const port = third?.port ?? 0;
  const silent = await startUpstream(t, 'web-4', undefined, { host: '127.0.0.4', port });
  let addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
  const proxy = await startProxy(t, [`web:${port}`], { resolve: async () => addresses });
  silent.server.removeAllListeners('request');
  const requested = once(silent.server, 'request');
  addresses = [...addresses, '127.0.0.4'];
  const checked = proxy.upstreams.check();
  const [, response] = await requested;
  const order = [];
  for (let i = 0; i < 3; i += 1) order.push((await supertest(proxy.url).get('/')).text);
  assert.deepEqual(order, ['web-1', 'web-2', 'web-3']);
  response.end();
  await checked;
});

test('an address that was removed gets no new requests, and finishes those in flight', options, async (t) => {
  const kept = await startUpstream(t, 'kept');
  let arrived = () => {};
  let finish = () => {};
  const requested = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const busy = (_req: unknown, res: import('node:http').ServerResponse) => {
    finish = () => res.end('finished');
    arrived();
  };
  await startUpstream(t, 'gone', busy, { host: '127.0.0.2', port: kept.port });
  let addresses = ['127.0.0.2'];
  const proxy = await startProxy(t, [`web:${kept.port}`], { resolve: async () => addresses });
  const inFlight = supertest(proxy.url)
    .get('/')
    .then(({ text }) => text);
  await requested;
  addresses = ['127.0.0.1'];
  await proxy.upstreams.check();
  await proxy.logged({ message: 'upstream was removed', upstream: `127.0.0.2:${kept.port}` });
  for (let i = 0; i < 3; i += 1) assert.equal((await supertest(proxy.url).get('/')).text, 'kept');
  finish();
  assert.equal(await inFlight, 'finished');
});

test('the last good set is kept while the resolver fails', options, async (t) => {
  const replicas = await startHost(t, 'a', 'b');
  let addresses: () => string[] = () => ['127.0.0.1', '127.0.0.2'];
  const proxy = await startProxy(t, [`web:${replicas[0]?.port}`], { resolve: async () => addresses() });
  addresses = () => {
    throw notFound;
  };
  await proxy.upstreams.check();
  await proxy.upstreams.check();
  assert.match(proxy.upstreams.unresolved().join(), /the name "web" does not resolve/);
  assert.deepEqual((await supertest(proxy.url).get('/')).text, 'a');
  assert.equal(proxy.log.filter(({ target }) => target === 'web').length, 1, 'the failure is logged once');
  addresses = () => ['127.0.0.1'];
  await proxy.upstreams.check();
  assert.deepEqual(proxy.upstreams.unresolved(), []);
});

test('it starts with no upstream, says why, and picks up the first that comes', async (t) => {
  const replica = await startUpstream(t, 'late');
  let addresses: () => string[] = () => {
    throw notFound;
  };
  const proxy = await startProxy(t, [`web:${replica.port}`], {
    env: { RESOLVE_INTERVAL_MS: '20' },
    resolve: async () => addresses(),
  });
  const { text } = await supertest(proxy.url).get('/').expect(503);
  assert.match(text, /^No replica is available\. The replica: the name "web" does not resolve/);
  addresses = () => ['127.0.0.1'];
  await eventually(() => supertest(proxy.url).get('/').expect(200, 'late'), { every: 5 });
});

test('a refused connection makes it resolve at once', options, async (t) => {
  const stays = await startUpstream(t, 'stays');
  const leaves = await startUpstream(t, 'leaves', undefined, { host: '127.0.0.2', port: stays.port });
  let addresses = ['127.0.0.2'];
  const proxy = await startProxy(t, [`web:${stays.port}`], { resolve: async () => addresses }); // next round: in an hour
  leaves.server.close();
  leaves.server.closeAllConnections();
  addresses = ['127.0.0.1'];
  await supertest(proxy.url).get('/').expect(502);
  await eventually(() => supertest(proxy.url).get('/').expect(200, 'stays'), { every: 5 });
});

test('closing while a name is being resolved leaves nothing behind', async (t) => {
  const replica = await startUpstream(t, 'late');
  let addresses = async (): Promise<string[]> => [];
  const proxy = await startProxy(t, [`web:${replica.port}`], { resolve: () => addresses() });
  const { promise, resolve } = Promise.withResolvers<string[]>();
  addresses = () => promise;
  const checked = proxy.upstreams.check();
  await proxy.upstreams.close();
  resolve(['127.0.0.1']);
  await checked;
  assert.deepEqual(proxy.upstreams.list(), []);
});

test('closing during a health check is quick, and does not mark the upstream unhealthy', async (t) => {
  const replica = await startUpstream(t, 'slow');
  const proxy = await startProxy(t, [replica.address]);
  replica.server.removeAllListeners('request');
  const requested = once(replica.server, 'request');
  const checked = proxy.upstreams.check();
  await requested;
  await proxy.upstreams.close();
  await checked;
  assert.deepEqual(
    proxy.log.filter(({ message }) => message === 'upstream is unhealthy'),
    [],
  );
});
