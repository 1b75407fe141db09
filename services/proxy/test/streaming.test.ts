// Bodies pass through as they come, in both directions, no faster than the other side takes them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const PIECE = Buffer.alloc(64 * 1024, 'x');
const PLENTY = 200 * 1024 * 1024;
const LARGE = 80 * 1024 * 1024;
// What kernels and streams may hold between two ends of loopback.
const HELD = 40 * 1024 * 1024;

/** Writes pieces to `res`, waiting for room, until `limit` bytes; `progress` counts them. */
const pour = async (res: NodeJS.WritableStream, limit: number, progress: { bytes: number; stalled?: () => void }) => {
  while (progress.bytes < limit) {
    progress.bytes += PIECE.length;
    if (res.write(PIECE)) continue;
    const drained = once(res as ServerResponse, 'drain');
    progress.stalled?.();
    await drained;
    await turn();
  }
  res.end();
};

for (const [path, request] of [
  ['the fast path', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['node:http', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'],
] as const) {
  test(`the headers of a response do not wait for its body, over ${path}`, async (t) => {
    let body = () => {};
    const replica = await startUpstream(t, 'a', (_req, res) => {
      res.flushHeaders();
      body = () => res.end('event');
    });
    const proxy = await startProxy(t, [replica.address]);
    const client = rawClient(t, proxy.port, request);
    await client.until(/^HTTP\/1\.1 200 .*\r\n\r\n$/s);
    body();
    await client.until(/\r\n\r\n5\r\nevent\r\n0\r\n\r\n$/);
  });
}

test('a response reaches the client piece by piece', async (t) => {
  let more = () => {};
  const replica = await startUpstream(t, 'a', (_req, res) => {
    res.write('first');
    more = () => res.end('second');
  });
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/first/);
  more();
  await client.until(/second\r\n0\r\n\r\n$/);
});

test('a request reaches the upstream piece by piece', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) =>
    req.on('data', (piece) => res.write(piece)).on('end', () => res.end()),
  );
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(
    t,
    proxy.port,
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n',
  );
  await client.until(/5\r\nfirst\r\n$/);
  client.send('6\r\nsecond\r\n0\r\n\r\n');
  await client.until(/6\r\nsecond\r\n0\r\n\r\n$/);
});

test('Expect: 100-continue gets its interim response, and the body follows', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => req.pipe(res));
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(
    t,
    proxy.port,
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
  );
  await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  client.send('body');
  await client.until(/HTTP\/1\.1 200 OK\r\n.*body/s);
  assert.equal(replica.requests[0]?.headers.expect, undefined);
});

test('a response to a client that does not read stalls its upstream', async (t) => {
  const progress: { bytes: number; stalled?: () => void } = { bytes: 0 };
  const replica = await startUpstream(t, 'a', (_req, res) => void pour(res, PLENTY, progress));
  const proxy = await startProxy(t, [replica.address]);
  const outgoing = request(`${proxy.url}/large`).end();
  const [response] = await once(outgoing, 'response');
  await stalledFor(progress);
  assert.ok(progress.bytes < HELD, `${progress.bytes} bytes were taken from the upstream`);
  let length = 0;
  for await (const piece of response) length += piece.length;
  assert.equal(length, PLENTY, 'and it is all there when the client reads again');
});

test('a request to an upstream that does not read stalls its client', async (t) => {
  let read = () => {};
  const replica = await startUpstream(t, 'a', (req, res) => {
    read = () => req.on('data', (piece) => (length += piece.length)).on('end', () => res.end());
  });
  let length = 0;
  const proxy = await startProxy(t, [replica.address], { env: { MAX_BODY_BYTES: `${LARGE}` } });
  const outgoing = request(proxy.url, { method: 'POST', headers: { 'Content-Length': LARGE } });
  const responded = once(outgoing, 'response');
  const progress: { bytes: number; stalled?: () => void } = { bytes: 0 };
  const poured = pour(outgoing, LARGE, progress);
  await once(replica.server, 'request');
  await stalledFor(progress);
  assert.ok(progress.bytes < HELD, `${progress.bytes} bytes were taken from the client`);
  read();
  await poured;
  const [response] = await responded;
  assert.equal(response.statusCode, 200);
  response.resume();
  assert.equal(length, LARGE);
});

/** Resolves when a writer stays without room while this process does all that there is to do. */
const stalledFor = async (progress: { bytes: number }): Promise<void> => {
  for (let idle = 0, last = -1; idle < 2000; idle = progress.bytes === last ? idle + 1 : 0) {
    last = progress.bytes;
    await turn();
  }
};
