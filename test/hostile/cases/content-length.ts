// Content-Length: lengths that two servers could read in two ways.
import { type Case, get, headers, passed, post, refused, SMUGGLED } from '../support/case.ts';

const LENGTH = 'RFC 9112, 6.3';
const BODY = 'RFC 9110, 9.3';

const lengths = (name: string, lines: readonly string[], expected = refused(), source = LENGTH): Case => ({
  name,
  source,
  bytes: post(lines, `hello${SMUGGLED}`),
  expected,
});

const chunkedToo = (name: string, source: string, rest: string, ...lines: string[]): Case => ({
  name,
  source,
  bytes: post(lines, rest),
  expected: refused(),
});

const N = SMUGGLED.length;

/** A request with a whole other request as its body is one request, whatever its method. */
const withBody = (method: string): Case => ({
  name: `${method} whose body is a request`,
  source: `${BODY}; smuggling by a method without a body`,
  bytes: headers(`${method} / HTTP/1.1`, `Content-Length: ${N}`) + SMUGGLED,
  expected: { ...passed(`${method} /`), carries: new RegExp(`content-length: ${N}\r\n`, 'i') },
});

export const contentLength: readonly Case[] = [
  chunkedToo(
    'CL.TE',
    'RFC 9112, 6.1; CL.TE',
    `0\r\n\r\n${SMUGGLED}`,
    'Content-Length: 5',
    'Transfer-Encoding: chunked',
  ),
  chunkedToo(
    'TE.CL',
    'RFC 9112, 6.1; TE.CL',
    `0\r\n\r\n${SMUGGLED}`,
    'Transfer-Encoding: chunked',
    'Content-Length: 5',
  ),
  chunkedToo(
    'CL.0: Content-Length 0 with chunked',
    'RFC 9112, 6.1; CL.0',
    `0\r\n\r\n${SMUGGLED}`,
    'Content-Length: 0',
    'Transfer-Encoding: chunked',
  ),
  chunkedToo(
    'TE.0: chunked with a body of one request',
    'RFC 9112, 6.1; TE.0',
    `${N.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    `Content-Length: ${N}`,
    'Transfer-Encoding: chunked',
  ),
  lengths('two different lengths', ['Content-Length: 5', `Content-Length: ${5 + N}`], refused(), `${LENGTH}; CL.CL`),
  lengths('the same length twice', ['Content-Length: 5', 'Content-Length: 5']),
  lengths('a list of equal lengths', ['Content-Length: 5, 5']),
  lengths('a list of different lengths', [`Content-Length: 5, ${5 + N}`], refused(), `${LENGTH}; CL.CL`),
  lengths('a length with a plus', ['Content-Length: +5']),
  lengths('a negative length', ['Content-Length: -5']),
  lengths('a length in hexadecimal', ['Content-Length: 0x5']),
  lengths('a length with a fraction', ['Content-Length: 5.0']),
  lengths('a length with an exponent', ['Content-Length: 5e0']),
  lengths('a length with a space in it', ['Content-Length: 0 5']),
  lengths('a length with an underscore', ['Content-Length: 0_5']),
  lengths('a length with a semicolon', ['Content-Length: 5;']),
  lengths('an empty length', ['Content-Length:']),
  lengths('a length in quotes', ['Content-Length: "5"']),
  lengths('a length after a vertical tab', ['Content-Length: \x0b5']),
  lengths('a length before a form feed', ['Content-Length: 5\x0c']),
  lengths('a length of digits that are not ASCII', ['Content-Length: \xd9\xa5']),
  lengths('a length over 2^64', ['Content-Length: 18446744073709551621'], refused(), `${LENGTH}; integer overflow`),
  lengths('a length of 2^63', ['Content-Length: 9223372036854775808'], refused(413), `${LENGTH}; integer overflow`),
  {
    name: 'a length with leading zeros',
    source: 'RFC 9110, 8.6',
    bytes: post(['Content-Length: 0005'], 'hello'),
    expected: { ...passed('POST /'), carries: /\r\ncontent-length: 0*5\r\n/i },
  },
  {
    name: 'a length between spaces and tabs',
    source: 'RFC 9112, 5.1',
    bytes: post(['Content-Length: \t 5 \t'], 'hello'),
    expected: { ...passed('POST /'), carries: /\r\ncontent-length: 5\r\n/i },
  },
  ...['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH'].map(withBody),
  {
    name: 'a GET with Content-Length 0 before another request',
    source: LENGTH,
    bytes: get('Content-Length: 0') + get(),
    expected: passed('GET /', 'GET /'),
  },
  {
    name: 'a body that is longer than its length',
    source: LENGTH,
    bytes: post(['Content-Length: 5'], 'hello!!\r\n\r\n'),
    expected: { statuses: [200, 400], open: false, seen: ['POST /'] },
  },
  {
    name: 'a body that is shorter than its length',
    source: 'RFC 9112, 8',
    bytes: post([`Content-Length: ${N + 1}`], SMUGGLED),
    expected: refused(408),
  },
  {
    name: 'a POST without any length before another request',
    source: LENGTH,
    bytes: post([], get()),
    expected: passed('POST /', 'GET /'),
  },
  {
    name: 'a length behind more headers than a server keeps',
    source: `${LENGTH}; header limits that differ`,
    bytes: post([...Array(2000).fill('a:'), `Content-Length: ${N}`], SMUGGLED),
    expected: refused(431),
  },
];
