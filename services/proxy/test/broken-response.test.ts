// A response that breaks after its headers must not look complete.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import supertest from 'supertest';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A replica that begins with `response`, and resets its connection when told to. */
const startBreaking = async (t: TestContext, response: string) => {
  let breakOff = () => {};
  const { address } = await startRawUpstream(t, (socket) => {
    socket.write(response);
    breakOff = () => socket.resetAndDestroy();
  });
  return { address, breakOff: () => breakOff() };
};

const halves: Readonly<Record<string, string>> = {
  'with a length': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf',
  chunked: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
};

for (const [name, half] of Object.entries(halves)) {
  test(`${name}: the connection of the client is broken too`, async (t) => {
    const broken = await startBreaking(t, half);
    const replica = await startUpstream(t, 'whole');
    const proxy = await startProxy(t, [broken.address, replica.address]);
    const client = rawClient(t, proxy.port, GET);
    await client.until(/half/);
    broken.breakOff();
    const response = await client.closed;
    assert.match(response, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(response, /half(\r\n)?$/, 'nothing is put after it');
    assert.equal(replica.requests.length, 0, 'it is not retried');
    const line = await proxy.logged({ message: 'request' });
    assert.match(String(line['reason']), /closed the connection/);
    assert.equal(line['status'], 502, 'the replica failed, and the client did not leave');
    assert.deepEqual(
      proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
      [
        [true, 1],
        [true, 0],
      ],
    );
  });
}

test('without a length, and reset: the connection of the client is broken too', async (t) => {
  const broken = await startBreaking(t, 'HTTP/1.1 200 OK\r\n\r\nhalf');
  const proxy = await startProxy(t, [broken.address]);
  const client = rawClient(t, proxy.port, GET.replace('/', '/counts'));
  await client.until(/half/);
  broken.breakOff();
  assert.match(await client.closed, /half\r\n$/, 'and no last chunk');
  assert.equal((await proxy.logged({ message: 'request' }))['status'], 502);
});

const CHUNKED = `${halves['chunked']}`;

/** A client of HTTP/1.0, which takes the end of the connection for that of the response, and its error. */
const oldClient = (t: TestContext, port: number) => {
  const client = rawClient(t, port, 'GET /counts HTTP/1.0\r\n\r\n');
  const reset = once(client.socket, 'error').then(([{ code }]) => assert.equal(code, 'ECONNRESET'));
  return { ...client, reset };
};

test('to HTTP/1.0 one that breaks is reset', async (t) => {
  const broken = await startBreaking(t, CHUNKED);
  const proxy = await startProxy(t, [broken.address]);
  const client = oldClient(t, proxy.port);
  await client.until(/half/);
  broken.breakOff();
  await client.reset;
});

test('to HTTP/1.0 one that stalls is reset, where the client has closed its side', async (t) => {
  const broken = await startBreaking(t, CHUNKED);
  const proxy = await startProxy(t, [broken.address]);
  const client = oldClient(t, proxy.port);
  client.socket.allowHalfOpen = true;
  client.socket.end();
  await client.reset;
});

test('to HTTP/1.0 one that the client does not read is reset', async (t) => {
  const large = await startBreaking(t, `${CHUNKED}1000000\r\n${'x'.repeat(2 ** 24)}`);
  const proxy = await startProxy(t, [large.address], { env: { IDLE_TIMEOUT_MS: '300' } });
  const client = oldClient(t, proxy.port);
  client.socket.pause();
  await proxy.logged({ message: 'closed connection' });
  client.socket.resume();
  await client.reset;
});

test('HTTP/1.0 gets no chunks, even where it asks for them', async (t) => {
  const whole = await startRawUpstream(t, (socket) => socket.write(`${CHUNKED}0\r\n\r\n`));
  const proxy = await startProxy(t, [whole.address]);
  const response = await rawClient(t, proxy.port, 'GET /counts HTTP/1.0\r\nTE: chunked\r\n\r\n').closed;
  assert.doesNotMatch(response, /transfer-encoding/i);
  assert.match(response, /\r\n\r\nhalf$/);
});

test('a response that ends with its connection is complete', async (t) => {
  const old = await startRawUpstream(t, (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'));
  const proxy = await startProxy(t, [old.address]);
  await supertest(proxy.url)
    .get('/')
    .buffer(true)
    .expect(200)
    .then(({ body, text }) => assert.equal(text ?? String(body), 'all of it'));
});

test('a response that falls silent in the middle is broken off', async (t) => {
  const silent = await startRawUpstream(t, (socket) => socket.write(halves['with a length'] as string));
  const proxy = await startProxy(t, [silent.address], { env: { IDLE_TIMEOUT_MS: '100' } });
  const response = await rawClient(t, proxy.port, GET).closed;
  assert.match(response, /half$/);
  assert.equal((await proxy.logged({ message: 'request' }))['status'], 504);
});
