// An upstream is unhealthy when connections fail or /readyz says so, and recovers when /readyz responds with 200.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { startServer } from '@container-counter/testing/listening';
import supertest from 'supertest';
import { startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const reports = async (url: string) => (await supertest(url).get('/-/upstreams').expect(200)).body.upstreams;

test('a 503 from /readyz marks it unhealthy with its message, and it recovers with a 200', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address]);
  const [healthy] = await reports(proxy.url);
  assert.equal(healthy.state, 'healthy');

  replica.readiness = { status: 503, text: 'Redis at db:6379 refused the connection.\n' };
  await proxy.upstreams.check();
  const [out] = await reports(proxy.url);
  assert.deepEqual([out.state, out.lastError], ['unhealthy', 'Redis at db:6379 refused the connection.']);
  assert.ok(Date.parse(out.since) >= Date.parse(healthy.since));
  await supertest(proxy.url).get('/').expect(503);

  replica.readiness = { status: 200, text: 'ready\n' };
  await proxy.upstreams.check();
  const [back] = await reports(proxy.url);
  assert.deepEqual([back.state, back.lastError], ['healthy', undefined]);
  await supertest(proxy.url).get('/').expect(200);
});

test('it is checked periodically', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address], { env: { HEALTH_INTERVAL_MS: '20' } });
  replica.readiness = { status: 503, text: '' };
  await proxy.logged({ message: 'upstream is unhealthy', reason: 'It responds to /readyz with 503.' });
  replica.readiness = { status: 200, text: '' };
  await eventually(() => assert.equal(proxy.upstreams.list()[0]?.healthy, true), { every: 5 });
});

test('one that breaks its idle connection is checked at once, and is unhealthy when it has exited', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address]);
  replica.server.close();
  replica.server.closeAllConnections();
  await proxy.logged({ message: 'upstream is unhealthy' });
});

test('one that announces the end of each connection is not checked for that', async (t) => {
  let requested = 0;
  const replica = await startUpstream(t, 'web-1');
  replica.server.prependListener('request', (req, res) => {
    res.setHeader('Connection', 'close');
    if (req.url === '/readyz') requested += 1;
  });
  const proxy = await startProxy(t, [replica.address]);
  for (let i = 0; i < 3; i += 1) await supertest(proxy.url).get('/counts').expect(200);
  assert.equal(requested, 1);
});

test('every member of the report', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address]);
  const before = Date.now();
  for (let i = 0; i < 3; i += 1) await supertest(proxy.url).get('/');
  replica.readiness = { status: 500, text: 'broken' };
  await proxy.upstreams.check();
  const [{ since, servedMs, ...report }] = await reports(proxy.url);
  const { address } = replica;
  assert.ok(servedMs > 0, `${servedMs}`);
  assert.deepEqual(report, { address, name: 'web-1', state: 'unhealthy', served: 3, failed: 0, lastError: 'broken' });
  assert.ok(Date.parse(since) >= before && Date.parse(since) <= Date.now(), since);
});

test('one that refuses the connection is unhealthy, with the reason', async (t) => {
  const port = await freePort();
  const proxy = await startProxy(t, [`127.0.0.1:${port}`]);
  const [report] = await reports(proxy.url);
  assert.equal(report.state, 'unhealthy');
  assert.match(report.lastError, new RegExp(`^The replica at 127\\.0\\.0\\.1:${port} refused the connection`));
});

test('one whose /readyz never responds is unhealthy after a bounded time', async (t) => {
  const silent = await startUpstream(t, 'silent');
  silent.server.removeAllListeners('request');
  const requested = once(silent.server, 'request');
  const starting = startProxy(t, [silent.address]);
  await requested;
  const proxy = await starting;
  const [report] = await reports(proxy.url);
  assert.equal(report.state, 'unhealthy');
  assert.match(report.lastError, /is connected but does not respond in time/);
});

test('one that breaks the connection at every probe is unhealthy', async (t) => {
  const broken = await startRawUpstream(t, () => {});
  broken.server.removeAllListeners('connection').on('connection', (socket) => socket.destroy());
  const proxy = await startProxy(t, [broken.address]);
  const [report] = await reports(proxy.url);
  assert.equal(report.state, 'unhealthy');
  assert.match(report.lastError, /closed the connection before it responded/);
});

test('a check that began before a connection failed does not mark it healthy', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address]);
  replica.server.removeAllListeners('request');
  const requested = once(replica.server, 'request');
  const checked = proxy.upstreams.check();
  const [request, response] = await requested;
  response.setHeader('X-Request-Id', request.headers['x-request-id']);
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const [upstream] = proxy.upstreams.list();
  upstream?.recordFailure(refused);
  const askedAgain = once(replica.server, 'request');
  response.end('ready\n');
  const [, second] = await askedAgain;
  assert.equal(upstream?.healthy, false);
  second.end('ready\n');
  await checked;
  assert.equal(upstream?.healthy, true, 'one that began after it does');
});

test('running out of file descriptors does not mark an upstream unhealthy', async (t) => {
  const replica = await startUpstream(t, 'web-1');
  const proxy = await startProxy(t, [replica.address]);
  const [upstream] = proxy.upstreams.list();
  upstream?.recordFailure(Object.assign(new Error('no more'), { code: 'EMFILE' }));
  assert.equal(upstream?.healthy, true);
});

test('a readiness response without end is not read to its end', async (t) => {
  const { promise: left, resolve } = Promise.withResolvers<number>();
  const port = await startServer(t, (socket) => {
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const send = () => {
      while (socket.write(piece));
    };
    socket.on('drain', send).once('close', () => resolve(socket.bytesWritten));
    socket.once('data', () => {
      socket.write('HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n');
      send();
    });
  });
  const proxy = await startProxy(t, [`127.0.0.1:${port}`]);
  const [{ lastError }] = await reports(proxy.url);
  assert.equal(lastError, 'x'.repeat(500));
  assert.ok((await left) < 16 * 2 ** 20, 'and not what fits into the time limit');
});

test('what cannot be the name of a replica is not taken for it, for names are labels of metrics', async (t) => {
  for (const name of ['two words', 'x'.repeat(65), '\u009b31m', '']) {
    const port = await startServer(t, (socket) => {
      socket.setEncoding('latin1').once('data', () => {
        socket.end(`HTTP/1.1 200 OK\r\nX-Served-By: ${name}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
      });
    });
    const proxy = await startProxy(t, [`127.0.0.1:${port}`]);
    assert.equal((await reports(proxy.url))[0].name, undefined, name);
    await supertest(proxy.url).get('/counts').expect(200);
    assert.equal((await proxy.logged({ message: 'request' }))['servedBy'], undefined, name);
  }
});
