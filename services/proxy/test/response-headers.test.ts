// Response headers: the upstream's own, and what the proxy adds.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import supertest from 'supertest';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

test('who served it, in which attempt, under which id; forged ones are replaced', async (t) => {
  const forger: RequestListener = (_req, res) => {
    res.setHeader('X-Upstream', 'forged').setHeader('X-Attempts', '99').setHeader('X-Request-Id', 'forged').end();
  };
  const replica = await startUpstream(t, 'web-2', forger, { echo: false });
  const proxy = await startProxy(t, [replica.address]);
  const { headers } = await supertest(proxy.url).get('/').set('X-Request-Id', 'mine');
  const own = ['x-upstream', 'x-attempts', 'x-request-id', 'x-served-by'].map((name) => headers[name]);
  assert.deepEqual(own, [replica.address, '1', 'mine', 'web-2']);
});

test('duplicates and bytes are kept', async (t) => {
  const lines = [
    'Set-Cookie: a=1; Path=/',
    'Set-Cookie: b=2',
    'Vary: Accept',
    'vary: Cookie',
    'X-Bytes: caf\xe9 \xf0\x9f\x8d\xba',
  ];
  const head = `HTTP/1.1 418 I am a teapot\r\n${lines.join('\r\n')}\r\nContent-Length: 2\r\n\r\nok`;
  const raw = await startRawUpstream(t, (socket) => socket.end(head, 'latin1'));
  const proxy = await startProxy(t, [raw.address]);
  const response = (await rawClient(t, proxy.port, GET).closed).split('\r\n');
  assert.equal(response[0], 'HTTP/1.1 418 I am a teapot');
  assert.deepEqual(
    response.filter((line) => lines.includes(line)),
    lines,
  );
  assert.equal(response.at(-1), 'ok');
});

test('a reason phrase of other characters does not break the response', async (t) => {
  const raw = await startRawUpstream(t, (socket) =>
    socket.end('HTTP/1.1 200 \xe2\x9c\x93\r\nContent-Length: 2\r\n\r\nok', 'latin1'),
  );
  const proxy = await startProxy(t, [raw.address]);
  assert.match(await rawClient(t, proxy.port, GET).closed, /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
});

for (const status of ['101 Switching Protocols', '099 Odd', '000 Odd']) {
  test(`${status}, which nobody asked for, is not passed on`, async (t) => {
    const raw = await startRawUpstream(t, (socket) => socket.write(`HTTP/1.1 ${status}\r\n\r\n`));
    const proxy = await startProxy(t, [raw.address]);
    for (const header of ['X: y', 'Expect: 100-continue']) {
      const request = `GET / HTTP/1.1\r\nHost: a\r\n${header}\r\nConnection: close\r\n\r\n`;
      const response = await rawClient(t, proxy.port, request).closed;
      assert.deepEqual(response.replace('HTTP/1.1 100 Continue\r\n\r\n', '').match(/^HTTP\S+ \d+/gm), ['HTTP/1.1 502']);
    }
  });
}

test('interim responses are passed on, but not to HTTP/1.0', async (t) => {
  const raw = await startRawUpstream(t, (socket) =>
    socket.end(
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    ),
  );
  const proxy = await startProxy(t, [raw.address]);
  const response = await rawClient(t, proxy.port, GET).closed;
  assert.match(
    response,
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s,
  );
  const old = await rawClient(t, proxy.port, GET.replace('1.1', '1.0')).closed;
  assert.match(old, /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
});

test('HEAD, 204 and 304 have no body, and the connection stays open', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => {
    const status = Number(req.url?.slice(1));
    res.writeHead(status, req.method === 'HEAD' ? { 'Content-Length': 1000 } : { ETag: '"x"' }).end();
  });
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, 'HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n');
  const head = await client.until(/\r\n\r\n/);
  assert.match(head, /\r\nContent-Length: 1000\r\n/);
  client.send('GET /204 HTTP/1.1\r\nHost: a\r\n\r\n');
  client.send('GET /304 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const responses = (await client.closed).split('\r\n\r\n');
  assert.deepEqual(
    responses.map((response) => response.split('\r\n')[0]),
    ['HTTP/1.1 200 OK', 'HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not Modified', ''],
  );
});
