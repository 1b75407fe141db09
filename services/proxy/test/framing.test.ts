// Where a request ends is the same for the proxy and for the upstream.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawClient, startRawUpstream } from './raw.ts';
import { startProxy, startUpstream, textOf } from './support.ts';

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('both Transfer-Encoding and Content-Length: refused, and the connection closed', async (t) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  for (const lengths of [
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 5',
  ]) {
    const response = await rawClient(
      t,
      proxy.port,
      `POST / HTTP/1.1\r\nHost: a\r\n${lengths}\r\n\r\n0\r\n\r\n${smuggled}`,
    ).closed;
    assert.equal(response.match(/HTTP\/1\.1 /g)?.length, 1);
    assert.match(response, /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/);
  }
  assert.ok(replica.requests.every(({ url }) => url !== '/smuggled'));
});

for (const method of ['DELETE', 'OPTIONS', 'GET', 'POST']) {
  test(`a chunked ${method} arrives as one request with its body whole`, async (t) => {
    const raw = await startRawUpstream(t, (socket, bytes) => bytes.endsWith('0\r\n\r\n') && socket.write(OK));
    const proxy = await startProxy(t, [raw.address]);
    const head = `${method} / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const client = rawClient(
      t,
      proxy.port,
      `${head}${smuggled.length.toString(16)}\r\n${smuggled}\r\n3\r\nend\r\n0\r\n\r\n`,
    );
    await client.until(/ok$/);
    const [received = '', ...others] = raw.carried();
    assert.deepEqual(others, []);
    const [first = '', ...body] = received.split('\r\n\r\n');
    assert.match(first, /\r\ntransfer-encoding: chunked(\r\n|$)/i);
    assert.doesNotMatch(first, /content-length/i);
    assert.ok(body.join('\r\n\r\n').includes(smuggled));
    assert.match(received, /end\r\n0\r\n\r\n$/);
  });
}

test('a body with a length keeps it, whatever the method', async (t) => {
  const replica = await startUpstream(t, 'a', async (req, res) => {
    res.end(`${req.method} ${req.headers['content-length']} ${await textOf(req)}`);
  });
  const proxy = await startProxy(t, [replica.address]);
  for (const method of ['GET', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'POST']) {
    const client = rawClient(t, proxy.port, `${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody`);
    assert.match(await client.until(/body$/), new RegExp(`${method} 4 body$`));
  }
});

test('a Trailer header and trailers do no harm', async (t) => {
  const replica = await startUpstream(t, 'a', async (req, res) => {
    const text = await textOf(req);
    res.writeHead(200, { Trailer: 'X-Sum', 'Transfer-Encoding': 'chunked' });
    res.write(text);
    res.addTrailers({ 'X-Sum': '4711' });
    res.end();
  });
  const proxy = await startProxy(t, [replica.address]);
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n';
  const client = rawClient(t, proxy.port, `${head}4\r\nbody\r\n0\r\nX-Sum: 17\r\n\r\n`);
  const response = await client.until(/0\r\n\r\n$/);
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n.*4\r\nbody\r\n0\r\n\r\n$/s);
  assert.doesNotMatch(response, /trailer|x-sum/i);
  assert.equal(replica.requests[0]?.headers.trailer, undefined);
  client.send('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/HTTP\/1\.1 200 OK.*HTTP\/1\.1 200 OK/s);
});
