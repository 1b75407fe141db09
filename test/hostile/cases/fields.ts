// Field lines: what is a name, what is a value, and where a line ends.
import { type Case, get, passed, post, refused, SMUGGLED } from '../support/case.ts';

const NAME = 'RFC 9110, 5.1';
const VALUE = 'RFC 9110, 5.5';
const LINE = 'RFC 9112, 2.2';

const field = (name: string, source: string, line: string, expected = refused()): Case => ({
  name,
  source,
  bytes: get(line),
  expected,
});

const GET = 'GET / HTTP/1.1\r\nHost: counter.example';

export const fields: readonly Case[] = [
  { name: 'bare LF everywhere', source: LINE, bytes: get().replaceAll('\r', ''), expected: refused() },
  {
    name: 'a bare LF after the request line',
    source: LINE,
    bytes: 'GET / HTTP/1.1\nHost: counter.example\r\n\r\n',
    expected: refused(),
  },
  { name: 'a bare LF as the empty line', source: LINE, bytes: `${GET}\r\n\n${SMUGGLED}`, expected: refused() },
  { name: 'a bare CR as the empty line', source: LINE, bytes: `${GET}\r\n\r${SMUGGLED}`, expected: refused() },
  { name: 'LF CR', source: LINE, bytes: `${GET}\n\r\n\r${SMUGGLED}`, expected: refused() },
  { name: 'CR CR LF', source: LINE, bytes: `${GET}\r\r\n\r\r\n`, expected: refused() },
  field('a bare CR in a value', LINE, 'X: a\rb'),
  field('a header behind a bare CR', LINE, 'X: a\rX-Forwarded-For: 6.6.6.6'),
  field('a header behind a bare LF', LINE, 'X: a\nX-Forwarded-For: 6.6.6.6'),
  field('a request behind a bare LF', `${LINE}; request splitting`, `X: a\n\n${SMUGGLED}`),
  field('obs-fold with a space', 'RFC 9112, 5.2', 'X: a\r\n b'),
  field('obs-fold with a tab', 'RFC 9112, 5.2', 'X: a\r\n\tb'),
  field('obs-fold of nothing', 'RFC 9112, 5.2', 'X: a\r\n '),
  {
    name: 'a space before the first header',
    source: LINE,
    bytes: 'GET / HTTP/1.1\r\n Host: counter.example\r\n\r\n',
    expected: refused(),
  },
  { name: 'an empty line before the request', source: LINE, bytes: `\r\n${get()}`, expected: passed('GET /') },
  { name: 'a space before the request', source: LINE, bytes: ` ${get()}`, expected: refused() },
  field('a space before the colon', 'RFC 9112, 5.1', 'X : y'),
  field('a tab before the colon', 'RFC 9112, 5.1', 'X\t: y'),
  field('a space in a name', NAME, 'X Y: z'),
  field('no name', NAME, ': y'),
  field('no colon', NAME, 'nothing'),
  field('a parenthesis in a name', NAME, 'X(Y): z'),
  field('quotes in a name', NAME, 'X"Y": z'),
  field('an at sign in a name', NAME, 'X@Y: z'),
  field('a byte over 127 in a name', NAME, 'X\xe9: z'),
  field('a NUL in a name', NAME, 'X\x00Y: z'),
  field('a DEL in a name', NAME, 'X\x7f: z'),
  field('every other character in a name', NAME, "!#$%&'*+-.^_`|~09azAZ: y", passed('GET /')),
  field('a NUL in a value', VALUE, 'X: a\x00b'),
  field('a NUL as the value', VALUE, 'X: \x00'),
  field('a control character in a value', VALUE, 'X: a\x01b'),
  field('an escape character in a value', `${VALUE}; terminal escapes in a log`, 'X: a\x1b[31mb'),
  field('a DEL in a value', VALUE, 'X: a\x7fb'),
  field('bytes over 127 in a value', VALUE, 'X-Bytes: caf\xc3\xa9 \xff', {
    ...passed('GET /'),
    carries: /\r\nX-Bytes: caf\xc3\xa9 \xff\r\n/,
  }),
  field('an empty value', VALUE, 'X-Empty:', passed('GET /')),
  field('spaces and tabs around a value', 'RFC 9112, 5.1', 'X-Spaced: \t y \t', {
    ...passed('GET /'),
    carries: /\r\nX-Spaced: y\r\n/i,
  }),
  field(
    'text that an interpreter might run',
    `${VALUE}; CVE-2014-6271, CVE-2021-44228`,
    `X: () { :; }; $(id) \${jndi:ldap://x/y}`,
    passed('GET /'),
  ),
  {
    name: 'a length with an underscore beside a request',
    source: `${NAME}; names that CGI takes for one`,
    bytes: post(['Content_Length: 5', 'Content-Length: 5'], 'hello'),
    expected: { ...passed('POST /'), carries: /\r\ncontent-length: 5\r\n/i, never: /content_length/i },
  },
];
