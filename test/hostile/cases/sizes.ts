// What is too much, too long, too slow, or too many at once.
import { type Case, declined, get, headers, passed, post, refused } from '../support/case.ts';

const SIZE = 'RFC 9110, 17.5';
const SLOW = 'RFC 9110, 15.5.9; CVE-2007-6750';
const PIPELINE = 'RFC 9112, 9.3.2';

const MEGABYTE = 2 ** 20;

export const sizes: readonly Case[] = [
  { name: 'a header of 1 MB', source: SIZE, bytes: get(`X: ${'x'.repeat(MEGABYTE)}`), expected: refused(431) },
  {
    name: 'a header of 1 MB that does not end',
    source: SIZE,
    bytes: `GET / HTTP/1.1\r\nX: ${'x'.repeat(MEGABYTE)}`,
    expected: refused(431),
  },
  { name: 'a name of 1 MB', source: SIZE, bytes: get(`${'x'.repeat(MEGABYTE)}: x`), expected: refused(431) },
  { name: 'a target of 1 MB', source: 'RFC 9112, 3', bytes: `GET /${'x'.repeat(MEGABYTE)}`, expected: refused(431) },
  {
    name: 'a cookie of 20 000 bytes',
    source: SIZE,
    bytes: get(`Cookie: ${'x'.repeat(20_000)}`),
    expected: refused(431),
  },
  {
    name: '60 headers',
    source: SIZE,
    bytes: get(...Array.from({ length: 60 }, (_, i) => `X-${i}: x`)),
    expected: { ...passed('GET /'), carries: /\r\nX-59: x\r\n/i },
  },
  {
    name: '150 headers',
    source: `${SIZE}; header flood`,
    bytes: get(...Array.from({ length: 150 }, (_, i) => `X-${i}: x`)),
    expected: refused(431),
  },
  {
    name: '3 000 headers',
    source: `${SIZE}; header flood`,
    bytes: get(...Array(3000).fill('a:')),
    expected: refused(431),
  },
  {
    name: '100 000 headers',
    source: `${SIZE}; header flood`,
    bytes: get(Array(100_000).fill('a:b').join('\r\n')),
    expected: refused(431),
  },
  {
    name: 'a body of 2 MB by its length',
    source: 'RFC 9110, 15.5.14',
    bytes: post([`Content-Length: ${2 * MEGABYTE}`], 'x'.repeat(2 * MEGABYTE)),
    expected: declined(413),
  },
  {
    name: 'a body of 2 MB in chunks',
    source: 'RFC 9110, 15.5.14',
    bytes: post(['Transfer-Encoding: chunked'], `${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(32)}0\r\n\r\n`),
    expected: declined(413),
  },
  {
    name: 'a body that says 1 TB',
    source: 'RFC 9110, 15.5.14',
    bytes: post(['Content-Length: 1099511627776'], 'x'),
    expected: refused(413),
  },
  {
    name: '1 000 chunks of one byte',
    source: 'RFC 9112, 7.1',
    bytes: post(['Transfer-Encoding: chunked'], `${'1\r\nx\r\n'.repeat(1000)}0\r\n\r\n`),
    expected: passed('POST /'),
  },
  { name: 'no byte at all', source: SLOW, bytes: '', expected: refused(408) },
  { name: 'half a request line', source: SLOW, bytes: 'GET /', expected: refused(408) },
  {
    name: 'incomplete headers',
    source: SLOW,
    bytes: 'GET / HTTP/1.1\r\nHost: counter.example\r\nX: ',
    expected: refused(408),
  },
  { name: 'headers without their empty line', source: SLOW, bytes: get().slice(0, -2), expected: refused(408) },
  { name: 'half a body', source: SLOW, bytes: post(['Content-Length: 10'], 'hello'), expected: refused(408) },
  {
    name: 'half a chunk',
    source: SLOW,
    bytes: post(['Transfer-Encoding: chunked'], 'a\r\nhello'),
    expected: refused(408),
  },
  { name: 'half a chunk size', source: SLOW, bytes: post(['Transfer-Encoding: chunked'], '5'), expected: refused(408) },
  {
    name: 'half a second request',
    source: SLOW,
    bytes: `${get()}GET / HT`,
    expected: { statuses: [200, 400], open: false, seen: ['GET /'] },
  },
  {
    name: '20 requests at once',
    source: PIPELINE,
    bytes: get().repeat(20),
    expected: passed(...Array(20).fill('GET /')),
  },
  {
    name: 'a body, then another request',
    source: PIPELINE,
    bytes: post(['Content-Length: 5'], 'hello') + get(),
    expected: passed('POST /', 'GET /'),
  },
  {
    name: 'HEAD, then another request',
    source: PIPELINE,
    bytes: headers('HEAD / HTTP/1.1') + get(),
    expected: passed('HEAD /', 'GET /'),
  },
  {
    name: 'a request, then garbage',
    source: PIPELINE,
    bytes: `${get()}garbage\r\n\r\n`,
    expected: { statuses: [200, 400], open: false, seen: ['GET /'] },
  },
  { name: 'garbage, then a request', source: PIPELINE, bytes: `garbage\r\n\r\n${get()}`, expected: refused() },
  {
    name: 'a refused target, then another request',
    source: PIPELINE,
    bytes: headers('GET * HTTP/1.1') + get(),
    expected: { statuses: [400, 200], open: true, seen: ['GET /'] },
  },
  {
    name: 'a refused body, then another request',
    source: PIPELINE,
    bytes: post([`Content-Length: ${2 * MEGABYTE}`], 'x'.repeat(2 * MEGABYTE)) + get(),
    expected: { statuses: [413, 200], open: true, seen: ['GET /'] },
  },
];
