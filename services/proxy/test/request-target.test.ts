// What a request asks for, in whichever form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawClient } from './raw.ts';
import { startProxy, startUpstream } from './support.ts';

/** The response to a request with these headers, and what the upstream got. */
const ask = async (t: import('node:test').TestContext, headers: string) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address]);
  const response = await rawClient(t, proxy.port, `${headers}\r\nConnection: close\r\n\r\n`).closed;
  return { response, request: replica.requests[0], proxy };
};

test('an absolute form is brought into the origin form, and its host counts', async (t) => {
  const { request } = await ask(t, 'GET http://counter.example:81/a?b=c HTTP/1.1\r\nHost: other.example');
  assert.deepEqual([request?.url, request?.headers.host], ['/a?b=c', 'counter.example:81']);
  assert.equal(request?.headers['x-forwarded-host'], 'counter.example:81');
});

const refusals: readonly [headers: string, sentence: RegExp][] = [
  ['GET * HTTP/1.1\r\nHost: a', /The request target "\*" is not a path\. Request \/, or \/counts\.\n$/],
  [
    'GET http://a:99999/ HTTP/1.1\r\nHost: a',
    /Invalid host in the request target "a:99999"\. Send a name or an address\.\n$/,
  ],
  ['GET ftp://a/ HTTP/1.1\r\nHost: a', /The request target "ftp:\/\/a\/" is not a path\./],
  ['GET / HTTP/1.1\r\nHost: a\r\nHost: b', /The request has more than one Host header\. Send one\.\n$/],
  ['GET / HTTP/1.1\r\nHost: a\r\nhost: a', /The request has more than one Host header\. Send one\.\n$/],
  ['GET / HTTP/1.1\r\nX: y', /The request has no Host header\. Send one\.\n$/],
];

for (const [headers, sentence] of refusals) {
  test(`400 for ${JSON.stringify(headers)}`, async (t) => {
    const { response, request, proxy } = await ask(t, headers);
    assert.match(response, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(response, sentence);
    assert.equal(request, undefined);
    await proxy.logged({ status: 400 });
  });
}

test('HTTP/1.0 needs no Host', async (t) => {
  const { response, request } = await ask(t, 'GET / HTTP/1.0');
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n/);
  assert.equal(request?.url, '/');
});
