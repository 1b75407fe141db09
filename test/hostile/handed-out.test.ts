// Every socket that Node hands out, and for which nobody but its owner listens to errors, is reset at several moments.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { get, head, post } from './support/case.ts';
import { LEAVES, leaveAfter } from './support/leave.ts';
import { each } from './support/pool.ts';
import { QUICK_LIMITS } from './support/servers.ts';
import { assertStopped, assertSurvived } from './support/survival.ts';

const WS = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

/** What makes Node emit which event. */
const SOCKETS: Readonly<Record<string, string>> = {
  connect: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
  'connect, with data behind it': `CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n${'x'.repeat(100_000)}`,
  'connect, behind a request': `${get()}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n`,
  'connect, with a body that does not come': 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 10\r\n\r\n',
  'connect, with a body, behind a request': `${get()}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 9\r\n\r\nhalf`,
  'connect, with garbage as its chunks':
    'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'upgrade that is made': head('GET /live HTTP/1.1', ...WS, KEY),
  'upgrade that is made, with frames behind it': head('GET /live HTTP/1.1', ...WS, KEY) + '\x81\x80\0\0\0\0'.repeat(99),
  'upgrade of a page from elsewhere': head('GET /live HTTP/1.1', ...WS, KEY, 'Origin: http://other.example'),
  'upgrade without a key': head('GET /live HTTP/1.1', ...WS),
  'upgrade of a wrong version': head('GET /live HTTP/1.1', ...WS, KEY).replace('13', '12'),
  'upgrade of a path that has none': head('GET /counts HTTP/1.1', ...WS, KEY),
  'upgrade of no valid target': head('GET * HTTP/1.1', ...WS, KEY),
  'upgrade with a body': head('GET /live HTTP/1.1', ...WS, KEY, 'Content-Length: 10'),
  'upgrade behind a request': get() + head('GET /live HTTP/1.1', ...WS, KEY),
  'clientError: no HTTP': 'hello\r\n\r\n',
  'clientError: headers that are too large': get(`X: ${'x'.repeat(100_000)}`),
  'clientError: behind a request': `${get()}hello\r\n\r\n`,
  'clientError: within a body': post(['Transfer-Encoding: chunked'], 'zz\r\n'),
  checkContinue: post(['Expect: 100-continue', 'Content-Length: 5'], ''),
  'checkContinue, with its body': post(['Expect: 100-continue', 'Content-Length: 5'], 'hello'),
  'checkContinue, too large': post(['Expect: 100-continue', 'Content-Length: 50000000'], ''),
  checkExpectation: post(['Expect: payment', 'Content-Length: 5'], 'hello'),
  'timeout of the headers': 'GET / HTTP/1.1\r\n',
  'timeout of the body': post(['Content-Length: 5'], 'he'),
  'timeout of a kept connection': get(),
  request: get('Connection: close'),
};

const ATTEMPTS = Object.entries(SOCKETS).flatMap(([name, bytes]) => LEAVES.map((leave) => ({ name, bytes, leave })));

const leaveAll = async (service: Service, port = service.port): Promise<void> => {
  await each(ATTEMPTS, 30, async ({ name, bytes, leave }) => {
    await leaveAfter(port, bytes, leave);
    assertSurvived(service, `${name}: ${leave.manner}, ${leave.when}`);
  });
  assert.equal(((await fetch(`${service.url}/healthz`).catch(String)) as Response).ok, true);
  await assertStopped(service, 'after all of them');
};

const startWeb = async (t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<Service> =>
  startService(t, 'web', { REDIS_URL: (await startRedis(t)).url, INSTANCE: 'web1', ...env });

test('at a replica', { skip: noRedis() }, async (t) => leaveAll(await startWeb(t)));

test('at the proxy, before a replica', { skip: noRedis() }, async (t) => {
  const web = await startWeb(t);
  const proxy = await startService(t, 'proxy', { UPSTREAMS: `127.0.0.1:${web.port}`, ...QUICK_LIMITS });
  await proxy.line(/"message":"upstream is alive"/);
  await leaveAll(proxy);
  assertSurvived(web, 'the replica behind it');
});

test('at the proxy, without any replica', async (t) => {
  const UPSTREAMS = `127.0.0.1:${await freePort()}`;
  const proxy = await startService(t, 'proxy', { UPSTREAMS, ...QUICK_LIMITS });
  await each(ATTEMPTS, 30, async ({ name, bytes, leave }) => {
    await leaveAfter(proxy.port, bytes, leave);
    assertSurvived(proxy, `${name}: ${leave.manner}, ${leave.when}`);
  });
  await assertStopped(proxy, 'after all of them');
});

test('at the port of the metrics', { skip: noRedis() }, async (t) => {
  const METRICS_PORT = `${await freePort()}`;
  await leaveAll(await startWeb(t, { METRICS_PORT }), Number(METRICS_PORT));
});
