// Request lines: methods, versions, and what stands between.
import { type Case, get, headers, passed, refused, SMUGGLED } from '../support/case.ts';

const LINE = 'RFC 9112, 3';
const VERSION = 'RFC 9112, 2.3';
const METHOD = 'RFC 9110, 9.1';

const line = (name: string, source: string, startLine: string, expected = refused()): Case => ({
  name,
  source,
  bytes: headers(startLine),
  expected,
});

const RTSP =
  'The parser of Node reads RTSP as HTTP of the same version, and does not say so. One HTTP/1.1 request is forwarded.';

export const requestLines: readonly Case[] = [
  { name: 'HTTP/0.9: a method and a path', source: VERSION, bytes: 'GET /\r\n', expected: refused(408) },
  {
    name: 'HTTP/0.9 with a request behind it',
    source: `${VERSION}; smuggling`,
    bytes: `GET /\r\n${SMUGGLED}`,
    expected: refused(),
  },
  line('a version that says 0.9', VERSION, 'GET / HTTP/0.9', refused(505)),
  {
    name: 'HTTP/1.0 without a Host',
    source: 'RFC 9112, 3.2',
    bytes: 'GET / HTTP/1.0\r\n\r\n',
    expected: { ...passed('GET /'), open: false },
  },
  {
    name: 'HTTP/1.0 with a body',
    source: 'RFC 9112, 6.3',
    bytes: `${headers('POST / HTTP/1.0', 'Content-Length: 5')}hello`,
    expected: { ...passed('POST /'), open: false },
  },
  {
    name: 'HTTP/1.0 with a body and no length',
    source: 'RFC 9112, 6.3; smuggling',
    bytes: headers('POST / HTTP/1.0') + SMUGGLED,
    expected: { ...passed('POST /'), open: false },
  },
  {
    name: 'HTTP/1.0 with keep-alive',
    source: 'RFC 9112, 9.3',
    bytes: headers('GET / HTTP/1.0', 'Connection: keep-alive'),
    expected: passed('GET /'),
  },
  {
    name: 'a request behind HTTP/1.0',
    source: 'RFC 9112, 9.3',
    bytes: headers('GET / HTTP/1.0') + SMUGGLED,
    expected: { ...passed('GET /'), open: false },
  },
  line('a version that says 1.2', VERSION, 'GET / HTTP/1.2', refused(505)),
  line('a version that says 2.0', VERSION, 'GET / HTTP/2.0', refused(505)),
  line('a version that says 3.0', VERSION, 'GET / HTTP/3.0', refused(505)),
  line('a version of one digit', VERSION, 'GET / HTTP/1'),
  line('a version with zeros before its digits', VERSION, 'GET / HTTP/01.01'),
  line('a version with a space in it', VERSION, 'GET / HTTP/ 1.1'),
  line('a version of three digits', VERSION, 'GET / HTTP/1.10'),
  line('a version of two digits and one', VERSION, 'GET / HTTP/11.1'),
  line('a version with a comma', VERSION, 'GET / HTTP/1,1'),
  line('a version in small letters', VERSION, 'GET / http/1.1'),
  line('a version without its name', VERSION, 'GET / 1.1'),
  {
    ...line('another protocol: RTSP', VERSION, 'OPTIONS / RTSP/1.0', { ...passed('OPTIONS /'), open: false }),
    laxer: RTSP,
  },
  {
    ...line('another protocol with a method of HTTP: RTSP', VERSION, 'GET / RTSP/1.0', {
      ...passed('GET /'),
      open: false,
    }),
    laxer: RTSP,
  },
  line('another protocol: ICE', VERSION, 'SOURCE / ICE/1.0', refused(501)),
  {
    name: 'the preface of HTTP/2',
    source: 'RFC 9113, 3.4',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00',
    expected: refused(),
  },
  line('two spaces before the target', LINE, 'GET  / HTTP/1.1', passed('GET /')),
  line('two spaces before the version', LINE, 'GET /  HTTP/1.1', passed('GET /')),
  line('a space after the version', LINE, 'GET / HTTP/1.1 '),
  line('tabs instead of spaces', LINE, 'GET\t/\tHTTP/1.1'),
  line('a vertical tab before the version', LINE, 'GET /\x0bHTTP/1.1'),
  line('a space in the target', `${LINE}; CVE-2024-4577 class`, 'GET /a b HTTP/1.1'),
  line('two versions', `${LINE}; smuggling`, 'GET / HTTP/1.1 HTTP/1.1'),
  line('no target', LINE, 'GET HTTP/1.1'),
  line('no method', LINE, '/ HTTP/1.1'),
  line('a method in small letters', METHOD, 'get / HTTP/1.1', refused(501)),
  line('a method that nobody knows', METHOD, 'HIT / HTTP/1.1', refused(501)),
  line('a method of WebDAV', METHOD, 'PROPFIND / HTTP/1.1', passed('PROPFIND /')),
  {
    name: 'a method that nobody knows, behind a request',
    source: METHOD,
    bytes: get() + headers('HIT / HTTP/1.1'),
    expected: { statuses: [200, 501], open: false, seen: ['GET /'] },
  },
  line('a method with a parenthesis', METHOD, 'G(T / HTTP/1.1'),
  line('a method with a NUL', METHOD, 'GE\x00T / HTTP/1.1'),
  line('a method of 20 000 bytes', METHOD, `${'G'.repeat(20_000)} / HTTP/1.1`),
  line('a method that runs on', METHOD, 'GETT / HTTP/1.1', refused(501)),
  line('TRACE', 'RFC 9110, 9.3.8; cross-site tracing', 'TRACE / HTTP/1.1', refused(501)),
  {
    name: 'CONNECT to a host',
    source: 'RFC 9110, 9.3.6; open proxy',
    bytes: headers('CONNECT counter.example:443 HTTP/1.1') + SMUGGLED,
    expected: refused(501),
  },
  line('CONNECT to a path', 'RFC 9112, 3.2.3', 'CONNECT / HTTP/1.1', refused(501)),
  {
    name: 'a hello of TLS',
    source: 'RFC 8446, 4.1.2',
    bytes: '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03',
    expected: refused(),
  },
  { name: 'a hello of SSH', source: 'RFC 4253, 4.2', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', expected: refused() },
  {
    name: 'a command of SMTP',
    source: 'cross-protocol scripting',
    bytes: 'HELO counter.example\r\n',
    expected: refused(),
  },
  {
    name: 'a command of Redis',
    source: 'cross-protocol scripting',
    bytes: '*1\r\n$8\r\nFLUSHALL\r\n',
    expected: refused(),
  },
  {
    name: 'a header of the PROXY protocol',
    source: 'spoofed client address',
    bytes: `PROXY TCP4 6.6.6.6 127.0.0.1 1 80\r\n${get()}`,
    expected: refused(),
  },
  {
    name: 'a header of the PROXY protocol, version 2',
    source: 'spoofed client address',
    bytes: `\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c${'\x06'.repeat(12)}${get()}`,
    expected: refused(),
  },
  { name: 'NULs alone', source: LINE, bytes: '\x00'.repeat(100), expected: refused() },
];
