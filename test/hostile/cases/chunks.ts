// Chunks: sizes, extensions, ends and trailers that are not what they should be.
import { type Case, passed, post, refused, SMUGGLED } from '../support/case.ts';

const SIZE = 'RFC 9112, 7.1';
const EXTENSION = 'RFC 9112, 7.1.1';
const TRAILER = 'RFC 9112, 7.1.2';

const chunked = (name: string, source: string, rest: string, expected = refused()): Case => ({
  name,
  source,
  bytes: post(['Transfer-Encoding: chunked'], rest),
  expected,
});

const size = (name: string, line: string, expected = refused(), source = SIZE): Case =>
  chunked(name, source, `${line}\r\nhello\r\n0\r\n\r\n`, expected);

const dropped = { ...passed('POST /'), never: /;|sum/i };

export const chunks: readonly Case[] = [
  size('a size with leading zeros', '00000005', passed('POST /')),
  size('a negative size', '-5'),
  size('a size with a plus', '+5'),
  size('a size with 0x', '0x5'),
  size('a size that is not hexadecimal', 'g'),
  size('an empty size', ''),
  size('a space before the size', ' 5'),
  size('a space after the size', '5 '),
  size('a tab after the size', '5\t'),
  size('a NUL after the size', '5\x00'),
  size('a size with an underscore', '0_5'),
  size('a size over 2^64', '10000000000000005', refused(), `${SIZE}; integer overflow`),
  size('a size of 2^64 - 1', 'ffffffffffffffff', refused(408), `${SIZE}; integer overflow`),
  size('a size of a hundred digits', '0'.repeat(100), refused(), `${SIZE}; integer overflow`),
  chunked('a bare LF after the size', 'RFC 9112, 7.1; bare LF', '5\nhello\r\n0\r\n\r\n'),
  chunked('a bare CR after the size', 'RFC 9112, 7.1; bare CR', '5\rhello\r\n0\r\n\r\n'),
  chunked('a bare LF after the data', 'RFC 9112, 7.1; bare LF', '5\r\nhello\n0\r\n\r\n'),
  chunked('nothing after the data', SIZE, '5\r\nhello0\r\n\r\n'),
  chunked('two other bytes after the data', `${SIZE}; CVE-2025-22871 class`, '5\r\nhelloXX0\r\n\r\n'),
  chunked('more data than the size', SIZE, '5\r\nhello!\r\n0\r\n\r\n'),
  chunked('a last chunk of many zeros', SIZE, '5\r\nhello\r\n000\r\n\r\n', passed('POST /')),
  chunked('a last chunk that ends in a bare LF', 'RFC 9112, 7.1; bare LF', `0\n\r\n${SMUGGLED}`),
  chunked('an empty line that is a bare LF', 'RFC 9112, 7.1; bare LF', `0\r\n\n${SMUGGLED}`),
  chunked('a request behind the last chunk', SIZE, `0\r\n\r\n${post([], '')}`, passed('POST /', 'POST /')),
  chunked('no last chunk', 'RFC 9112, 8', '5\r\nhello\r\n', refused(408)),
  size('an extension', '5;a=b', dropped, EXTENSION),
  size('an extension without a value', '5;a', dropped, EXTENSION),
  size('an extension with a value in quotes', '5;a="b;c"', dropped, EXTENSION),
  size('an extension without a name', '5;', refused(), EXTENSION),
  size('spaces around the semicolon', '5 ; a=b', refused(), EXTENSION),
  size('a NUL in an extension', '5;a=\x00', refused(), EXTENSION),
  size('a bare CR in an extension', '5;a=\rb', refused(), `${EXTENSION}; bare CR`),
  size('a bare LF in an extension', '5;a\nhello\r\n0\r\n\r\nGET', refused(), `${EXTENSION}; CVE-2025-58056 class`),
  size('a bare LF in quotes in an extension', '5;a="\nX"', refused(), `${EXTENSION}; bare LF`),
  size('an extension of 20 000 bytes', `5;${'a'.repeat(20_000)}`, refused(413), `${EXTENSION}; CVE-2024-22019`),
  chunked(
    'a thousand extensions',
    `${EXTENSION}; CVE-2024-22019`,
    `${`1;${'a'.repeat(50)}\r\nx\r\n`.repeat(1000)}0\r\n\r\n`,
    passed('POST /'),
  ),
  chunked('a trailer', TRAILER, '5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n', dropped),
  chunked('a trailer Content-Length', 'RFC 9110, 6.5.1', '0\r\nContent-Length: 5\r\n\r\n'),
  chunked('a trailer Transfer-Encoding', 'RFC 9110, 6.5.1', '0\r\nTransfer-Encoding: chunked\r\n\r\n'),
  chunked('a trailer X-Forwarded-For', 'RFC 9110, 6.5.1', '0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n', {
    ...passed('POST /'),
    never: /6\.6\.6\.6/,
  }),
  chunked('a trailer without a colon', TRAILER, `0\r\nnothing\r\n\r\n${SMUGGLED}`),
  chunked('a trailer with a space before its colon', TRAILER, `0\r\nX : y\r\n\r\n${SMUGGLED}`),
  chunked('a trailer on a folded line', 'RFC 9112, 5.2', `0\r\nX: y\r\n z\r\n\r\n${SMUGGLED}`),
  chunked('a trailer after a bare LF', 'RFC 9112, 2.2', `0\r\nX: y\n\r\n${SMUGGLED}`),
  chunked('trailers of 20 000 bytes', TRAILER, `0\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, refused(431)),
  chunked('trailers that do not end', 'RFC 9112, 8', '0\r\nX: y\r\n', refused(408)),
];
