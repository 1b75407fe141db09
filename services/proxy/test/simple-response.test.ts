// Which responses the shared connection takes: only those whose end and whose request are beyond doubt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSimpleResponse } from '../src/upstream/simple-response.ts';

const LINES = ['HTTP/1.1 200 OK', 'Content-Type: text/plain', 'X-Request-Id: a-1', 'Content-Length: 12'];
const withLine = (line: string) => [...LINES, line].join('\r\n');
const withStatus = (line: string) => [line, ...LINES.slice(1)].join('\r\n');
const withLength = (length: string) => LINES.join('\r\n').replace(/12$/, length);

test('what is read of one', () => {
  const head = `${withLine('X-Served-By: \t web2 \t')}\r\nConnection: Close\r\nX-Bytes: \xe9`;
  assert.deepEqual(parseSimpleResponse(head), {
    status: 200,
    reason: 'OK',
    lines: head.slice('HTTP/1.1 200 OK'.length),
    requestId: 'a-1',
    servedBy: 'web2',
    length: 12,
    close: true,
  });
});

const simple: Readonly<Record<string, string>> = {
  'kept open': withLine('Connection: keep-alive'),
  'an error': withStatus('HTTP/1.1 503 Service Unavailable'),
  'no reason': withStatus('HTTP/1.1 200 '),
  'an empty value': withLine('X-Empty:'),
  'two of a field that may be there twice': withLine('Set-Cookie: a\r\nSet-Cookie: b'),
};

for (const [name, head] of Object.entries(simple)) {
  test(`taken: ${name}`, () => assert.notEqual(parseSimpleResponse(head), undefined));
}

const others: Readonly<Record<string, string>> = {
  'an interim one': withStatus('HTTP/1.1 103 Early Hints'),
  'a switch of protocols': withStatus('HTTP/1.1 101 Switching Protocols'),
  'one without a body': withStatus('HTTP/1.1 204 No Content'),
  'a reset of content': withStatus('HTTP/1.1 205 Reset Content'),
  'not modified': withStatus('HTTP/1.1 304 Not Modified'),
  'another version': withStatus('HTTP/1.0 200 OK'),
  'a status of two digits': withStatus('HTTP/1.1 20 OK'),
  'a status of no class': withStatus('HTTP/1.1 600 Odd'),
  'no status line': LINES.slice(1).join('\r\n'),
  nothing: '',
  'no length': LINES.filter((line) => !line.startsWith('Content-Length')).join('\r\n'),
  'an empty length': withLength(''),
  'a negative length': withLength('-1'),
  'a length with a sign': withLength('+12'),
  'a length in another base': withLength('0xc'),
  'a length with a fraction': withLength('12.0'),
  'a list of lengths': withLength('12, 12'),
  'a length with a tab': withLength('12\t'),
  'a length beyond all bounds': withLength('9'.repeat(30)),
  'a second length': withLine('content-length: 12'),
  chunks: withLine('Transfer-Encoding: chunked'),
  'any coding': withLine('transfer-encoding: identity'),
  'an upgrade': withLine('Upgrade: h2c'),
  trailers: withLine('Trailer: X-Sum'),
  'no id': LINES.filter((line) => !line.startsWith('X-Request-Id')).join('\r\n'),
  'a second id': withLine('X-REQUEST-ID: a-1'),
  'a connection of other options': withLine('Connection: close, x-served-by'),
  'a second connection': withLine('Connection: close\r\nConnection: keep-alive'),
  'a folded field': withLine('X-Folded: a\r\n b'),
  'a space before the colon': withLine('X-Space : a'),
  'no colon': withLine('X-None'),
  'no name': withLine(': a'),
  'a name with a space': withLine('X Y: a'),
  'a line feed alone': withLine('X-A: a\nX-B: b'),
  'a carriage return alone': withLine('X-A: a\rX-B: b'),
  'a control character': withLine('X-A: \x01'),
  'a NUL': withLine('X-A: \0'),
};

for (const [name, head] of Object.entries(others)) {
  test(`not taken: ${name}`, () => assert.equal(parseSimpleResponse(head), undefined));
}
