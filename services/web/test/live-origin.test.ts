// Which pages may watch the live feed, behind which proxies: those of the origin that the browser asked for.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { WebSocket } from 'ws';
import { startReplica } from './replica.ts';

type Headers = Readonly<Record<string, string>>;

const CODESPACE = 'foo-8080.app.github.dev';
const forwarded = { 'X-Forwarded-Host': CODESPACE, 'X-Forwarded-Proto': 'https' };

const OWN: Readonly<Record<string, Headers>> = {
  'no page': { Host: 'a' },
  'the page itself': { Host: 'a:8080', Origin: 'http://a:8080' },
  'the default port left out': { Host: 'a', Origin: 'http://a' },
  'the default port named in Host': { Host: 'a:80', Origin: 'http://a' },
  'that of https': { Host: 'a:443', Origin: 'https://a' },
  capitals: { Host: 'Counter.Example', Origin: 'http://counter.example' },
  'an address of IPv6': { Host: '[::1]:8080', Origin: 'http://[::1]:8080' },
  'nginx that hands on Host, with TLS': { Host: 'counter.example', Origin: 'https://counter.example' },
  'the same, saying so': { Host: 'counter.example', Origin: 'https://counter.example', 'X-Forwarded-Proto': 'https' },
  'behind a proxy that speaks plainly to the next': {
    Host: 'counter.example',
    Origin: 'https://counter.example',
    'X-Forwarded-Proto': 'http',
  },
};

const BELIEVED: Readonly<Record<string, Headers>> = {
  'a codespace': { Host: 'localhost:8080', Origin: `https://${CODESPACE}`, ...forwarded },
  'its default port named': {
    Host: 'a',
    Origin: `https://${CODESPACE}`,
    ...forwarded,
    'X-Forwarded-Host': `${CODESPACE}:443`,
  },
  'two proxies': {
    Host: 'a',
    Origin: `https://${CODESPACE}`,
    'X-Forwarded-Host': `${CODESPACE}, inner`,
    'X-Forwarded-Proto': 'https, http',
  },
};

const FOREIGN: Readonly<Record<string, Headers>> = {
  'another host': { Host: 'a', Origin: 'http://b' },
  'another port': { Host: 'a:8080', Origin: 'http://a:8081' },
  'the default port against another': { Host: 'a:8080', Origin: 'http://a' },
  'the port of the other scheme': { Host: 'a:80', Origin: 'https://a' },
  'a host that begins alike': { Host: 'a', Origin: 'http://a.b' },
  'a sandboxed page': { Host: 'a', Origin: 'null' },
  'a file': { Host: 'a', Origin: 'file://a' },
  'an extension': { Host: 'a', Origin: 'chrome-extension://a' },
  'no origin at all': { Host: 'a', Origin: 'http://' },
  'a user in it': { Host: 'a', Origin: 'http://a@b' },
  'another host behind a proxy': { Host: 'localhost:8080', Origin: 'https://evil.example', ...forwarded },
  'the plain page of a host with TLS': { Host: 'localhost:8080', Origin: `http://${CODESPACE}`, ...forwarded },
  'a host later in the list': {
    Host: 'a',
    Origin: 'https://b',
    'X-Forwarded-Host': 'a, b',
    'X-Forwarded-Proto': 'https',
  },
};

for (const trusted of [true, false]) {
  test(`where the peer is ${trusted ? '' : 'not '}trusted`, { skip: noRedis() }, async (t) => {
    const { url } = await startReplica(t, (await startRedis(t)).url, { trustedProxies: () => trusted });
    const ask = async (headers: Headers): Promise<string> => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
      t.after(() => socket.terminate());
      socket.on('error', () => {});
      return Promise.race([
        once(socket, 'open').then(() => 'open'),
        once(socket, 'unexpected-response').then(([, { statusCode }]) => `${statusCode}`),
      ]);
    };
    const cases = [
      [OWN, 'open'],
      [BELIEVED, trusted ? 'open' : '403'],
      [FOREIGN, '403'],
    ] as const;
    for (const [pages, expected] of cases) {
      for (const [name, headers] of Object.entries(pages)) {
        await t.test(`${name}: ${expected}`, async () => assert.equal(await ask(headers), expected));
      }
    }
  });
}

test('one that is refused is gone soon, whatever it sent and whether it closes', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1');
  const client = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(() => client.destroy());
  client.on('error', () => {});
  const closed = new Promise((resolve) => client.once('close', resolve));
  const lines = [
    'Host: a',
    'Origin: http://b',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
  ];
  client.write(`GET /live HTTP/1.1\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  client.allowHalfOpen = true; // it keeps its side open
  const [response] = await once(client, 'data');
  assert.match(String(response), /^HTTP\/1\.1 403 /);
  const drip = setInterval(() => client.write('x'), 20);
  await closed.finally(() => clearInterval(drip));
});
