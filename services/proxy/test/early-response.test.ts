// An upstream that responds before it has read the whole request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

const POST = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n';

test('its response is passed on, and the connection serves the next request after the rest of the body', async (t) => {
  const replica = await startUpstream(t, 'a', (req, res) =>
    req.url === '/next' ? res.end('next') : req.once('data', () => res.end('early')),
  );
  const proxy = await startProxy(t, [replica.address]);
  const client = rawClient(t, proxy.port, POST);
  await client.until(/early/);
  for (let i = 0; i < 5; i += 1) client.send(`20000\r\n${'x'.repeat(0x20000)}\r\n`);
  client.send('0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/early.*HTTP\/1\.1 200 OK.*next/s);
  assert.deepEqual(
    proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
    [[true, 0]],
  );
});

test('a body that grows too large in the middle of its response breaks the response, and nothing else', async (t) => {
  const replica = await startUpstream(t, 'a', (_req, res) => void res.write('begun'));
  const proxy = await startProxy(t, [replica.address], { env: { MAX_BODY_BYTES: '10' } });
  const client = rawClient(t, proxy.port, POST);
  await client.until(/begun/);
  client.send('6\r\nsecond\r\n');
  const response = await client.closed;
  assert.doesNotMatch(response, / 413 |\r\n0\r\n\r\n$/);
  assert.deepEqual(
    proxy.upstreams.list().map(({ healthy, failed }) => [healthy, failed]),
    [[true, 0]],
  );
  await proxy.logged({ message: 'request' });
});
