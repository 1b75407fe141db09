// Transfer-Encoding: codings that one server takes for chunked and another does not.
import { type Case, declined, headers, passed, post, refused, SMUGGLED } from '../support/case.ts';

const CODING = 'RFC 9112, 6.1';
const TE_TE = `${CODING}; TE.TE`;
const CHUNKED = `5\r\nhello\r\n0\r\n\r\n`;

const coded = (name: string, lines: readonly string[], expected = refused(), source = TE_TE): Case => ({
  name,
  source,
  bytes: post(lines, `${CHUNKED}${SMUGGLED}`),
  expected,
});

const whole = (name: string, lines: readonly string[]): Case => ({
  name,
  source: 'RFC 9112, 7',
  bytes: post(lines, CHUNKED),
  expected: { ...passed('POST /'), carries: /\r\n(transfer-encoding: chunked|content-length: 5)\r\n/i },
});

const smuggledIn = (method: string): Case => ({
  name: `a chunked ${method} whose body is a request`,
  source: `${CODING}; chunked ${method} in http-proxy 1.18`,
  bytes: `${headers(`${method} / HTTP/1.1`, 'Transfer-Encoding: chunked')}${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
  expected: passed(`${method} /`),
});

/** RFC 9112, 6.1: a coding that the server does not understand. */
const unknown = refused(501);

export const transferEncoding: readonly Case[] = [
  whole('chunked', ['Transfer-Encoding: chunked']),
  whole('chunked in capitals', ['TRANSFER-ENCODING: CHUNKED']),
  coded('chunked before a tab', ['Transfer-Encoding: chunked \t']),
  ...['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'POST'].map(smuggledIn),
  coded('chunked twice in a list', ['Transfer-Encoding: chunked, chunked']),
  coded('chunked twice in two lines', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']),
  coded('identity', ['Transfer-Encoding: identity'], unknown),
  coded('identity, then chunked', ['Transfer-Encoding: identity, chunked'], unknown),
  coded('chunked, then identity', ['Transfer-Encoding: chunked, identity']),
  coded('chunked and identity in two lines', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']),
  coded('identity and chunked in two lines', ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'], unknown),
  coded('gzip, then chunked', ['Transfer-Encoding: gzip, chunked'], unknown, CODING),
  coded('gzip alone', ['Transfer-Encoding: gzip'], unknown, CODING),
  coded('a coding that only ends like chunked', ['Transfer-Encoding: xchunked'], unknown),
  coded('a coding that only begins like chunked', ['Transfer-Encoding: chunkedx'], unknown),
  coded('a coding with a word before', ['Transfer-Encoding: x chunked'], unknown),
  coded('chunked with a parameter', ['Transfer-Encoding: chunked;q=1'], unknown),
  coded('chunked in quotes', ['Transfer-Encoding: "chunked"'], unknown),
  coded('chunked after a comma', ['Transfer-Encoding: ,chunked'], unknown),
  coded('chunked before a comma', ['Transfer-Encoding: chunked,']),
  coded('chunked after a vertical tab', ['Transfer-Encoding: \x0bchunked']),
  coded('chunked before a NUL', ['Transfer-Encoding: chunked\x00']),
  coded('chunked after a byte over 127', ['Transfer-Encoding: \xffchunked'], unknown),
  coded('an empty coding', ['Transfer-Encoding:']),
  coded('an empty coding beside a length', ['Transfer-Encoding:', 'Content-Length: 5']),
  coded('a coding that is none beside a length', ['Transfer-Encoding: cow', 'Content-Length: 5']),
  coded('a space before the colon', ['Transfer-Encoding : chunked'], refused(), 'RFC 9112, 5.1; TE.TE'),
  coded('a tab before the colon', ['Transfer-Encoding\t: chunked'], refused(), 'RFC 9112, 5.1; TE.TE'),
  coded('a space before the name', ['X: y', ' Transfer-Encoding: chunked'], refused(), 'RFC 9112, 5.2; TE.TE'),
  coded('a NUL in the name', ['Transfer\x00-Encoding: chunked'], refused(), 'RFC 9110, 5.1; TE.TE'),
  coded('chunked on a folded line', ['Transfer-Encoding:\r\n chunked'], refused(), 'RFC 9112, 5.2; TE.TE'),
  coded('chunked after a bare LF', ['X: y\nTransfer-Encoding: chunked'], refused(), 'RFC 9112, 2.2; TE.TE'),
  coded('chunked after a bare CR', ['X: y\rTransfer-Encoding: chunked'], refused(), 'RFC 9112, 2.2; TE.TE'),
  coded('a length and the name with an underscore', ['Transfer_Encoding: chunked', 'Content-Length: 15'], {
    statuses: [200, 200],
    open: true,
    seen: ['POST /', 'GET /smuggled'],
    carries: /hello/,
  }),
  coded('chunked that Connection names', ['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'], {
    statuses: [200, 200],
    open: true,
    seen: ['POST /', 'GET /smuggled'],
    carries: /\r\n(transfer-encoding: chunked|content-length: 5)\r\n/i,
  }),
  {
    name: 'chunked in HTTP/1.0',
    source: `${CODING}; faulty framing`,
    bytes: `${headers('POST / HTTP/1.0', 'Connection: keep-alive', 'Transfer-Encoding: chunked')}${CHUNKED}${SMUGGLED}`,
    expected: refused(),
  },
  {
    name: 'chunked and a length in HTTP/1.0',
    source: `${CODING}; CL.TE`,
    bytes: `${headers('POST / HTTP/1.0', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`,
    expected: refused(),
  },
  {
    name: 'a chunked body for a route of the proxy itself',
    source: 'RFC 9110, 9.3.1',
    bytes: `${headers('POST /-/upstreams HTTP/1.1', 'Transfer-Encoding: chunked')}${CHUNKED}`,
    expected: declined(405),
  },
];
