// What is too large, too slow, or no HTTP is refused with one sentence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '@container-counter/testing/eventually';
import supertest from 'supertest';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream, type TestProxy } from './support.ts';

const start = async (t: import('node:test').TestContext, env: Record<string, string>) => {
  const replica = await startUpstream(t, 'a', (req, res) => {
    let length = 0;
    req
      .on('data', (piece) => {
        length += piece.length;
      })
      .on('end', () => res.end(`${length} bytes`));
  });
  return { replica, proxy: await startProxy(t, [replica.address], { env }) };
};

test('a body of MAX_BODY_BYTES passes, and one more byte does not', async (t) => {
  const { proxy, replica } = await start(t, { MAX_BODY_BYTES: '1000' });
  await supertest(proxy.url).post('/').type('text/plain').send('x'.repeat(1000)).expect(200, '1000 bytes');
  const { text } = await supertest(proxy.url).post('/').type('text/plain').send('x'.repeat(1001)).expect(413);
  assert.equal(text, 'The body is larger than 1000 bytes. Send a smaller one, or raise MAX_BODY_BYTES.\n');
  assert.equal(replica.requests.length, 1, 'one that says so beforehand is not sent on');
});

test('a chunked body is cut when it has too many, and no upstream is to blame', async (t) => {
  const { proxy } = await start(t, { MAX_BODY_BYTES: '1000' });
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  client.send(`3e8\r\n${'x'.repeat(1000)}\r\n`);
  client.send('1\r\nx\r\n');
  await client.until(/^HTTP\/1\.1 413 .*The body is larger than 1000 bytes/s);
  client.send('0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/HTTP\/1\.1 413 .*HTTP\/1\.1 200 OK.*0 bytes/s);
  assert.deepEqual(
    proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
    [[true, 0]],
  );
});

test('a client that sends far too much still gets to read why', async (t) => {
  const { proxy } = await start(t, { MAX_BODY_BYTES: '1000' });
  const length = 30_000_000;
  for (const framing of [
    `Content-Length: ${length}\r\n\r\n`,
    `Transfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n`,
  ]) {
    const client = rawClient(t, proxy.port, `POST / HTTP/1.1\r\nHost: a\r\n${framing}`);
    client.socket.write(Buffer.alloc(length));
    await client.until(/^HTTP\/1\.1 413 .*The body is larger than 1000 bytes/s);
  }
});

const refusals: readonly [name: string, bytes: string, response: RegExp, reason: string][] = [
  [
    'headers over MAX_HEADER_BYTES',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 .*The headers of the request are too large\. Send fewer or shorter ones, or raise MAX_HEADER_BYTES\.\n$/s,
    'HPE_HEADER_OVERFLOW',
  ],
  [
    'garbage',
    'hello\r\n\r\n',
    /^HTTP\/1\.1 400 .*This is not a valid HTTP request \(HPE_INVALID_METHOD\)\.\n$/s,
    'HPE_INVALID_METHOD',
  ],
  [
    'TLS',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
    /^HTTP\/1\.1 400 .*This is not a valid HTTP request/s,
    'HPE_INVALID_METHOD',
  ],
];

for (const [name, bytes, expected, reason] of refusals) {
  test(`${name}: a response, a closed connection, and a line in the log`, async (t) => {
    const { proxy, replica } = await start(t, { MAX_HEADER_BYTES: '1000' });
    const response = await rawClient(t, proxy.port, bytes).closed;
    assert.match(response, expected);
    assert.match(response, /\r\nConnection: close\r\n/);
    assert.equal((await proxy.logged({ message: 'rejected input', reason }))['client'], '127.0.0.1');
    assert.equal(replica.requests.length, 0);
  });
}

test('headers that never end are refused with 408', async (t) => {
  const { proxy } = await start(t, {});
  proxy.server.headersTimeout = 100;
  const response = await rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\n').closed;
  assert.match(response, /^HTTP\/1\.1 408 .*The request took too long to arrive\. Send it again\.\n$/s);
  await proxy.logged({ message: 'rejected input', status: 408 });
});

test('an upload in progress is not idle, however slow it is', async (t) => {
  const { proxy } = await start(t, { IDLE_TIMEOUT_MS: '1000', TRY_TIMEOUT_MS: '100' });
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n');
  for (const byte of 'slow!') {
    await pause(400); // shorter than idle, longer than an upstream may be silent, and longer than idle all together
    client.send(byte);
  }
  await client.until(/^HTTP\/1\.1 200 .*5 bytes$/s);
  assert.deepEqual(
    proxy.upstreams.list().map(({ failed }) => failed),
    [0],
  );
});

test('an upload that stops is refused with 408, and no upstream is to blame', async (t) => {
  const { proxy } = await start(t, { IDLE_TIMEOUT_MS: '300', TRY_TIMEOUT_MS: '100' });
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nslo');
  assert.match(await client.closed, /^HTTP\/1\.1 408 .*The request took too long to arrive\./s);
  await proxy.logged({ message: 'request', status: 499 });
  assert.deepEqual(
    proxy.upstreams.list().map(({ failed }) => failed),
    [0],
  );
});

test('an upstream that takes no more of an upload is silent', async (t) => {
  const deaf = await startUpstream(t, 'deaf', (req) => req.pause());
  const proxy = await startProxy(t, [deaf.address], { env: { TRY_TIMEOUT_MS: '200', MAX_BODY_BYTES: '100000000' } });
  const length = 50_000_000;
  const client = rawClient(t, proxy.port, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`);
  client.socket.write(Buffer.alloc(length));
  await client.until(/^HTTP\/1\.1 504 .*does not respond in time/s);
});

test('REQUEST_TIMEOUT_MS limits a request with its body', async (t) => {
  const { proxy } = await start(t, { REQUEST_TIMEOUT_MS: '500' });
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n');
  const drip = setInterval(() => client.send('x'), 50);
  t.after(() => clearInterval(drip));
  assert.match(await client.closed, /^HTTP\/1\.1 408 .*The request took too long to arrive\./s);
});

const TOO_LATE: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'a whole request': ['', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  'the rest of the headers': ['GET / HTTP/1.1\r\n', 'Host: a\r\n\r\n'],
  'the rest of the body': ['PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello', 'world'],
};

for (const [name, [before, after]] of Object.entries(TOO_LATE)) {
  test(`${name}, after a 408, is not forwarded: its client sends all of it again`, async (t) => {
    const whole: unknown[] = [];
    const replica = await startUpstream(t, 'a', (req) => req.on('end', () => whole.push(req.url)).resume());
    const proxy = await startProxy(t, [replica.address], { env: { REQUEST_TIMEOUT_MS: '300' } });
    const client = rawClient(t, proxy.port, before);
    client.socket.allowHalfOpen = true;
    await client.until(/^HTTP\/1\.1 408 /);
    client.send(after);
    const connections = promisify(proxy.server.getConnections.bind(proxy.server));
    await eventually(async () => assert.equal(await connections(), 0));
    for (const req of replica.requests) await eventually(() => assert.ok(req.destroyed));
    assert.deepEqual(whole, []);
    assert.equal(replica.requests.length, before.startsWith('PUT') ? 1 : 0);
    assert.equal(proxy.upstreams.list()[0]?.failed, 0, 'the upstream is not to blame');
  });
}

test('incomplete headers on an idle connection are refused with 408', async (t) => {
  const { proxy } = await start(t, { IDLE_TIMEOUT_MS: '200' });
  const response = await rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\n').closed;
  assert.match(response, /^HTTP\/1\.1 408 /);
});

test('a client that waits for its upstream is not idle', async (t) => {
  const slow = await startUpstream(t, 'slow', (_req, res) => setTimeout(() => res.end('at last'), 500));
  const proxy = await startProxy(t, [slow.address], { env: { IDLE_TIMEOUT_MS: '100' } });
  await rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').until(/^HTTP\/1\.1 200 .*at last/s);
});

test('what should have been percent-encoded gets an error that says so', async (t) => {
  const { proxy } = await start(t, {});
  for (const path of ['/caf\xc3\xa9', '/redis/get?key=\xc3\xa9', '/\xff']) {
    const response = await rawClient(t, proxy.port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).closed;
    assert.match(response, /^HTTP\/1\.1 400 .*must be percent-encoded, such as %C3%A9 for \xc3\xa9\.\n$/s);
  }
  const response = await rawClient(t, proxy.port, 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n').closed;
  assert.match(response, /^HTTP\/1\.1 400 .*If its URL has a space, percent-encode it as %20\.\n$/s);
});

test('garbage behind a request does not corrupt its response', async (t) => {
  const { proxy, finish } = await startSlow(t);
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n`; // not for the fast path
  const client = rawClient(t, proxy.port, request('/1') + request('/2'));
  await client.until(/half/);
  finish(0);
  await client.until(/half whole.*half/s);
  client.send('garbage\r\n\r\n');
  await proxy.logged({ message: 'rejected input', status: 400 });
  finish(1);
  assert.match(await client.closed, /half whole.*half wholeHTTP\/1\.1 400 Bad Request/s, 'responses are sent in order');
});

test('a short IDLE_TIMEOUT_MS is a setting like any other', async (t) => {
  const { proxy } = await start(t, { IDLE_TIMEOUT_MS: '100' });
  assert.equal(await rawClient(t, proxy.port).closed, '', 'a silent connection is closed');
});

const startSlow = async (
  t: import('node:test').TestContext,
): Promise<{ proxy: TestProxy; finish: (i: number) => void }> => {
  const responses: import('node:http').ServerResponse[] = [];
  const replica = await startUpstream(t, 'slow', (_req, res) => {
    responses.push(res);
    res.writeHead(200, { 'Content-Length': 10 }).write('half');
  });
  const proxy = await startProxy(t, [replica.address]);
  return { proxy, finish: (i) => responses[i]?.end(' whole') };
};
