// The fast path in front of node:http: what a client sees is the same, wherever its bytes are split and whoever serves it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { rawClient } from './raw.ts';
import { expectShort, startProxy, startUpstream, textOf } from './support.ts';

const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const CLOSE = 'Connection: close';

/** Without what is new in each response. */
const comparable = (text: string): string =>
  text
    .replace(/^(Date|X-Request-Id): .*\r\n/gm, '')
    .replace(/[\da-f-]{36}/g, 'id')
    .replace(/data-written="[^"]+"/, '');

/** Headers in a canonical order, on which nothing depends. */
const canonical = (text: string): string => {
  const [head = '', ...body] = comparable(text).split('\r\n\r\n');
  const [status, ...headers] = head.split('\r\n');
  return [status, ...headers.toSorted()].join('\n') + body.join('\n\n');
};

test('a request is served alike, wherever it is split', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) => res.end(`${req.url} ${req.headers['x-a']}`));
  const proxy = await startProxy(t, [replica.address]);
  const request = get('/x', 'X-A: b', CLOSE);
  const whole = await rawClient(t, proxy.port, request).closed;
  assert.match(whole, /\r\n\r\n\/x b$/);
  for (let at = 1; at < request.length; at += 1) {
    const client = rawClient(t, proxy.port, request.slice(0, at));
    await once(client.socket, 'connect');
    client.socket.setNoDelay(true);
    setImmediate(() => client.send(request.slice(at)));
    assert.equal(canonical(await client.closed), canonical(whole), `split at ${at}`);
  }
});

const responses: Readonly<Record<string, (res: import('node:http').ServerResponse) => unknown>> = {
  'a short body': (res) => res.setHeader('Content-Length', 5).end('short'),
  'an empty body': (res) => res.setHeader('Content-Length', 0).end(),
  'a body of 300 000 bytes': (res) => res.setHeader('Content-Length', 300_000).end('x'.repeat(300_000)),
  'a chunked body': (res) => {
    res.write('first ');
    res.end('second');
  },
  'no content': (res) => res.writeHead(204).end(),
  'not modified': (res) => res.writeHead(304, { ETag: '"a"' }).end(),
  'an error': (res) => res.writeHead(500, 'Odd', { 'Content-Length': 2 }).end('no'),
  'an upgrade that is required': (res) => res.writeHead(426, { 'Content-Length': 0 }).end(),
  'two of a header': (res) => res.writeHead(200, ['Set-Cookie', 'a', 'Set-Cookie', 'b', 'Content-Length', '0']).end(),
};

for (const [name, respond] of Object.entries(responses)) {
  for (const method of ['GET', 'HEAD']) {
    test(`${name}, to a ${method}, is what node:http makes of it`, async (t) => {
      const replica = await startUpstream(t, 'a', (_req, res) => respond(res));
      const proxy = await startProxy(t, [replica.address]);
      const request = get('/', CLOSE).replace('GET', method);
      const slow = await rawClient(t, proxy.port, request.replace('Host: a', 'Host: a\r\nTE: trailers')).closed;
      for (const way of ['over the pool', 'over the shared connection']) {
        const fast = await rawClient(t, proxy.port, request).closed;
        assert.equal(unchunked(canonical(fast)), unchunked(canonical(slow)), way);
        expectShort(proxy);
      }
    });
  }
}

// Where chunks end is up to those on the way.
const unchunked = (text: string): string => text.replace(/^[\da-f]+\r\n/gm, '').replaceAll('\r\n', '');

test('no upstream: the error, as text or JSON, is what node:http sends', async (t) => {
  const proxy = await startProxy(t, ['127.0.0.1:9']);
  for (const accept of ['*/*', 'application/json', 'text/html']) {
    for (const method of ['GET', 'HEAD']) {
      const request = get('/', `Accept: ${accept}`, CLOSE).replace('GET', method);
      const slow = await rawClient(t, proxy.port, request.replace('Host: a', 'Host: a\r\nTE: trailers')).closed;
      const fast = await rawClient(t, proxy.port, request).closed;
      assert.match(fast, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
      assert.equal(canonical(fast), canonical(slow));
    }
  }
});

test('a connection can move to node:http at any request, and never back', async (t) => {
  const replica = await startUpstream(t, 'a', async (req, res) => res.end(`<${req.method} ${await textOf(req)}>`));
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, get('/'));
  await client.until(/<GET >$/);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo');
  await once(replica.server, 'request');
  client.send('dy');
  await client.until(/<POST body>$/);
  client.send(get('/', CLOSE));
  assert.match(await client.closed, /<GET >.*<POST body>.*<GET >$/s);
  assert.equal(proxy.log.filter(({ status }) => status === 200).length, 3);
});

test('what comes before a response was sent is served after it, in order', async (t) => {
  const waiting: (() => void)[] = [];
  const replica = await startUpstream(t, 'a', (req, res) => {
    waiting.push(() => res.end(`<${req.method} ${req.url}>`));
  });
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, get('/1'));
  await once(replica.server, 'request');
  client.send(get('/2') + get('/3', 'TE: trailers') + get('/4', CLOSE));
  const serve = () => waiting.shift()?.();
  for (let i = 0; i < 3; i += 1) {
    const next = once(replica.server, 'request');
    serve();
    await next;
  }
  serve();
  assert.match(await client.closed, /<GET \/1>.*<GET \/2>.*<GET \/3>.*<GET \/4>$/s);
  assert.deepEqual(
    replica.requests.map(({ url }) => url),
    ['/1', '/2', '/3', '/4'],
  );
});

test('a connection that is kept and idle is closed after IDLE_TIMEOUT_MS, without a word', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address], { env: { IDLE_TIMEOUT_MS: '200' } });
  const client = rawClient(t, proxy.port, get('/'));
  assert.match(await client.closed, /\r\n\r\na$/);
});

test('a client that sends nothing gets 408 after HEADER_TIMEOUT_MS', async (t) => {
  const proxy = await startProxy(t, ['127.0.0.1:9'], { env: { HEADER_TIMEOUT_MS: '200' } });
  assert.match(await rawClient(t, proxy.port).closed, /^HTTP\/1\.1 408 Request Timeout\r\n/);
});

test('a client that does not read its response is cut off', async (t) => {
  const replica = await startUpstream(t, 'a', (_req, res) => res.end('x'.repeat(30_000_000)));
  const proxy = await startProxy(t, [replica.address], { env: { IDLE_TIMEOUT_MS: '400' } });
  const client = rawClient(t, proxy.port, get('/'));
  client.socket.pause();
  await proxy.logged({ message: 'closed connection', reason: 'the client does not read its response' });
  await proxy.logged({ status: 499 });
});
