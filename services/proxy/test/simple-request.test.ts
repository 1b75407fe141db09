// Which requests the fast path takes: only those that every parser reads in the same way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSimpleRequest } from '../src/client/simple-request.ts';

const MAX = 1000;
const request = (line: string, ...headers: string[]) => [line, ...headers, '', ''].join('\r\n');
const withHeader = (...headers: string[]) => request('GET / HTTP/1.1', 'Host: a', ...headers);
const withTarget = (target: string) => request(`GET ${target} HTTP/1.1`, 'Host: a');

test('what is read of one', () => {
  const text = request('HEAD /a?b=c HTTP/1.1', 'Host:a:80', 'X-Request-Id: \t id \t', 'x_y:', 'Connection: Close');
  assert.deepEqual(parseSimpleRequest(`${text}GET / HTTP/1.1\r\n`, MAX), {
    method: 'HEAD',
    url: '/a?b=c',
    host: 'a:80',
    lines: '\r\nHost:a:80\r\nX-Request-Id: \t id \t\r\nx_y:\r\nConnection: Close',
    headers: { host: 'a:80', 'x-request-id': 'id', connection: 'Close' },
    close: true,
    length: text.length,
  });
});

const simple: Readonly<Record<string, string>> = {
  'a GET': withHeader(),
  'all that a browser sends': withHeader('Accept: text/html,*/*;q=0.8', 'Cookie: a="b"; c=d', 'User-Agent: X/1 (Y; Z)'),
  'a kept connection': withHeader('Connection: Keep-Alive'),
  'a key and a trace': withHeader('Idempotency-Key: k', 'traceparent: 00-1-2-01'),
  'every visible character in the target': withTarget('/!"$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~'),
  'two of a header that may be there twice': withHeader('Accept-Language: a', 'Accept-Language: b'),
  'a host with an address': request('GET / HTTP/1.1', 'Host: [::1]:80'),
};

for (const [name, text] of Object.entries(simple)) {
  test(`taken: ${name}`, () => assert.equal(parseSimpleRequest(text, MAX)?.length, text.length));
}

const others: Readonly<Record<string, string>> = {
  'no end': withHeader().slice(0, -1),
  'the beginning of the method': 'GE',
  'another method': request('POST / HTTP/1.1', 'Host: a'),
  'a method in lower case': request('get / HTTP/1.1', 'Host: a'),
  'HTTP/1.0': request('GET / HTTP/1.0', 'Host: a'),
  'an absolute form': withTarget('http://a/'),
  'an asterisk': withTarget('*'),
  'a fragment': withTarget('/#a'),
  'a space in the target': withTarget('/a b'),
  'another character in the target': withTarget('/\xe9'),
  'a control character in the target': withTarget('/\x01'),
  'two spaces': 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n',
  'an empty line before it': `\r\n${withHeader()}`,
  'line feeds alone': withHeader().replaceAll('\r\n', '\n'),
  'a line feed alone in a value': withHeader('X: a\nY: b'),
  'a carriage return alone in a value': withHeader('X: a\rY: b'),
  'no host': request('GET / HTTP/1.1', 'X: a'),
  'an empty host': request('GET / HTTP/1.1', 'Host:'),
  'an invalid host': request('GET / HTTP/1.1', 'Host: a b'),
  'user information': request('GET / HTTP/1.1', 'Host: me@a'),
  'two hosts': withHeader('host: a'),
  'a body': withHeader('Content-Length: 1'),
  'an empty body': withHeader('Content-Length: 0'),
  'a transfer coding': withHeader('Transfer-Encoding: chunked'),
  'an upgrade': withHeader('Upgrade: websocket'),
  'an expectation': withHeader('Expect: 100-continue'),
  TE: withHeader('TE: trailers'),
  trailers: withHeader('Trailer: X'),
  'options of the connection': withHeader('Connection: keep-alive, X'),
  'two of Connection': withHeader('Connection: close', 'Connection: close'),
  'two idempotency keys': withHeader('Idempotency-Key: a', 'Idempotency-Key: a'),
  'two request ids': withHeader('X-Request-Id: a', 'X-Request-Id: b'),
  'two forwarders': withHeader('X-Forwarded-For: a', 'X-Forwarded-For: b'),
  'a folded line': withHeader('X: a', ' b'),
  'a line without a colon': withHeader('X'),
  'a line without a name': withHeader(': a'),
  'a space before the colon': withHeader('X : a'),
  'a name with another character': withHeader('X(: a'),
  'a control character in a value': withHeader('X: a\x00'),
  'more than the limit': withHeader(`X: ${'x'.repeat(MAX)}`),
  'more headers than node:http would keep': withHeader(...Array.from({ length: 101 }, () => 'X: 1')),
};

for (const [name, text] of Object.entries(others)) {
  test(`left to node:http: ${name}`, () => assert.equal(parseSimpleRequest(text, MAX), undefined));
}
