// What is too large, too slow, or no HTTP is refused with one sentence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  assert.equal(text, 'The body has more than 1000 bytes. Send a smaller one, or raise MAX_BODY_BYTES.\n');
  assert.equal(replica.requests.length, 1, 'one that says so beforehand is not sent on');
});

test('a chunked body is cut when it has too many, and no upstream is to blame', async (t) => {
  const { proxy } = await start(t, { MAX_BODY_BYTES: '1000' });
  const client = rawClient(t, proxy.port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  client.send(`3e8\r\n${'x'.repeat(1000)}\r\n`);
  client.send('1\r\nx\r\n');
  await client.until(/^HTTP\/1\.1 413 .*The body has more than 1000 bytes/s);
  client.send('0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/HTTP\/1\.1 413 .*HTTP\/1\.1 200 OK.*0 bytes/s);
  assert.deepEqual(
    proxy.upstreams.list().map(({ alive, failed }) => [alive, failed]),
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
    await client.until(/^HTTP\/1\.1 413 .*The body has more than 1000 bytes/s);
  }
});

const refusals: readonly [name: string, bytes: string, answer: RegExp, reason: string][] = [
  [
    'a head over MAX_HEADER_BYTES',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 .*The head of the request is too large\. Send fewer or shorter headers\.\n$/s,
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
  test(`${name} is answered, closed and logged`, async (t) => {
    const { proxy, replica } = await start(t, { MAX_HEADER_BYTES: '1000' });
    const answer = await rawClient(t, proxy.port, bytes).closed;
    assert.match(answer, expected);
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.equal((await proxy.logged({ message: 'refused input', reason }))['client'], '127.0.0.1');
    assert.equal(replica.requests.length, 0);
  });
}

test('a head that does not come to its end is refused with 408', async (t) => {
  const { proxy } = await start(t, {});
  proxy.server.headersTimeout = 100;
  const answer = await rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\n').closed;
  assert.match(answer, /^HTTP\/1\.1 408 .*The request took too long to arrive\. Send it again\.\n$/s);
  await proxy.logged({ message: 'refused input', status: 408 });
});

test('garbage behind a request does not corrupt its answer', async (t) => {
  const { proxy, finish } = await startSlow(t);
  const client = rawClient(t, proxy.port, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/half/);
  finish(0);
  await client.until(/half whole.*half/s);
  client.send('garbage\r\n\r\n');
  await proxy.logged({ message: 'refused input', status: 400 });
  finish(1);
  assert.match(await client.closed, /half whole.*half wholeHTTP\/1\.1 400 Bad Request/s, 'answers go out in order');
});

test('a short IDLE_TIMEOUT_MS is a setting like any other', async (t) => {
  const { proxy } = await start(t, { IDLE_TIMEOUT_MS: '100' });
  assert.equal(await rawClient(t, proxy.port).closed, '', 'a silent connection is closed');
});

const startSlow = async (
  t: import('node:test').TestContext,
): Promise<{ proxy: TestProxy; finish: (i: number) => void }> => {
  const answers: import('node:http').ServerResponse[] = [];
  const replica = await startUpstream(t, 'slow', (_req, res) => {
    answers.push(res);
    res.writeHead(200, { 'Content-Length': 10 }).write('half');
  });
  const proxy = await startProxy(t, [replica.address]);
  return { proxy, finish: (i) => answers[i]?.end(' whole') };
};
