// Request targets and hosts: forms, paths, and whom a request is for.
import { type Case, declined, headers, passed, refused, served } from '../support/case.ts';

const FORM = 'RFC 9112, 3.2';
const ABSOLUTE = 'RFC 9112, 3.2.2';
const PATH = 'RFC 3986, 3.3; path traversal';
const HOST = 'RFC 9110, 7.2';

const target = (name: string, source: string, text: string, expected = declined(), method = 'GET'): Case => ({
  name,
  source,
  bytes: headers(`${method} ${text} HTTP/1.1`),
  expected,
});

/** It is passed on as it was sent: the proxy serves no files, and two readings of a path would be one too many. */
const untouched = (name: string, text: string, source = PATH): Case =>
  target(name, source, text, passed(`GET ${text}`));

const absolute = (name: string, text: string, path: string, host: string): Case =>
  target(name, ABSOLUTE, text, {
    ...passed(`GET ${path}`),
    carries: new RegExp(`\r\nhost: ${host}\r\n`, 'i'),
    never: /counter\.example/,
  });

const host = (name: string, value: string, expected = declined(), source = HOST): Case => ({
  name,
  source,
  bytes: `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`,
  expected,
});

export const targets: readonly Case[] = [
  absolute('an absolute form with another host', 'http://other.example/a?b', '/a?b', 'other\\.example'),
  absolute('an absolute form with a port', 'http://other.example:8080/', '/', 'other\\.example:8080'),
  absolute('an absolute form without a path', 'http://other.example', '/', 'other\\.example'),
  absolute('an absolute form without a path, with a query', 'http://other.example?a', '/?a', 'other\\.example'),
  absolute('an absolute form with dots in its path', 'http://other.example/a/../b', '/a/../b', 'other\\.example'),
  target('an absolute form with user information', 'RFC 9110, 4.2.4', 'http://user:secret@other.example/'),
  target(
    'an absolute form whose user looks like the host',
    'RFC 9110, 4.2.4; host confusion',
    'http://counter.example@other.example/',
  ),
  target('an absolute form without a host', 'RFC 9110, 4.2.1', 'http:///a'),
  target('an absolute form with one slash', ABSOLUTE, 'http:/a', refused()),
  target('an absolute form with backslashes', `${ABSOLUTE}; host confusion`, 'http:\\\\other.example\\', refused()),
  target(
    'an absolute form with a backslash after its host',
    `${ABSOLUTE}; host confusion`,
    'http://other.example\\@counter.example/',
    refused(),
  ),
  target('an absolute form with a port that is none', ABSOLUTE, 'http://other.example:99999/'),
  target('an absolute form with a port of letters', ABSOLUTE, 'http://other.example:http/'),
  target('an absolute form of another scheme', ABSOLUTE, 'ftp://other.example/'),
  target('a file', ABSOLUTE, 'file:///etc/passwd'),
  target('a script', ABSOLUTE, 'javascript:alert(1)', refused()),
  target('an authority form with GET', 'RFC 9112, 3.2.3', 'counter.example:80', refused()),
  target('an asterisk form with GET', 'RFC 9112, 3.2.4', '*'),
  target('an asterisk form with OPTIONS', 'RFC 9110, 9.3.7', '*', served(), 'OPTIONS'),
  target('OPTIONS for a host, in absolute form', 'RFC 9112, 3.2.4', 'http://other.example', served(), 'OPTIONS'),
  target(
    'OPTIONS for a query, in absolute form',
    'RFC 9112, 3.2.4',
    'http://other.example?a',
    passed('OPTIONS /?a'),
    'OPTIONS',
  ),
  {
    name: 'OPTIONS that may not be forwarded',
    source: 'RFC 9110, 7.6.2',
    bytes: headers('OPTIONS /a HTTP/1.1', 'Max-Forwards: 0'),
    expected: served(),
  },
  {
    name: 'OPTIONS that may be forwarded twice',
    source: 'RFC 9110, 7.6.2',
    bytes: headers('OPTIONS /a HTTP/1.1', 'Max-Forwards: 2'),
    expected: { ...passed('OPTIONS /a'), carries: /\r\nmax-forwards: 1\r\n/i },
  },
  target('a query alone', FORM, '?a=b', refused()),
  target('a path without its slash', FORM, 'counts', refused()),
  target('an at sign and a host', `${FORM}; CVE-2021-40438 class`, '@other.example/', refused()),
  target('a fragment', FORM, '/a#b'),
  untouched('two slashes and a host', '//other.example/'),
  untouched('many slashes', '////'),
  untouched('dots', '/a/../../etc/passwd'),
  untouched('encoded dots', '/%2e%2e/%2e%2e/etc/passwd'),
  untouched('encoded slashes', '/..%2f..%2fetc%2fpasswd', 'RFC 3986, 2.2; path traversal'),
  untouched('dots encoded twice', '/%252e%252e/', 'RFC 3986, 2.4; double decoding'),
  untouched('dots with a parameter', '/..;/a', `${PATH}, CVE-2020-5902`),
  untouched('an encoded NUL', '/a%00.png', 'RFC 3986, 2.1; NUL truncation'),
  untouched('an encoded line end', '/a%0d%0aX-Injected:%20b', 'RFC 3986, 2.1; header injection'),
  untouched('a percent sign that encodes nothing', '/100%/%zz', 'RFC 3986, 2.1'),
  untouched('an overlong form of UTF-8', '/%c0%ae%c0%ae/', 'RFC 3629, 3; CVE-2000-0884'),
  untouched('backslashes', '/..\\..\\etc', PATH),
  untouched('a URL as the path', '/http://other.example/', FORM),
  untouched('a route of the proxy behind dots', '/a/../-/upstreams'),
  untouched('a route of the proxy, encoded', '/%2d/upstreams'),
  untouched('a route of the proxy behind two slashes', '//-/upstreams'),
  target('below the proxy, but no route', 'information disclosure', '/-/env', declined(404)),
  target('a NUL in a target', FORM, '/a\x00b', refused()),
  target('a control character in a target', FORM, '/a\x01b', refused()),
  target('a bare CR in a target', 'RFC 9112, 2.2', '/a\rb', refused()),
  target('a bare LF in a target', 'RFC 9112, 2.2', '/a\nb', refused()),
  target('a DEL in a target', FORM, '/a\x7fb', refused()),
  target('a byte over 127 in a target', FORM, '/caf\xe9', refused()),
  untouched('a target of 8 000 bytes', `/${'a'.repeat(7999)}`, FORM),
  target('a target of 20 000 bytes', 'RFC 9112, 3', `/${'a'.repeat(20_000)}`, refused(431)),
  { name: 'no Host', source: FORM, bytes: 'GET / HTTP/1.1\r\n\r\n', expected: declined() },
  {
    name: 'no Host beside an absolute form',
    source: FORM,
    bytes: 'GET http://other.example/ HTTP/1.1\r\n\r\n',
    expected: declined(),
  },
  {
    name: 'the same Host twice',
    source: FORM,
    bytes: headers('GET / HTTP/1.1', 'Host: counter.example'),
    expected: declined(),
  },
  {
    name: 'two different Hosts',
    source: `${FORM}; host confusion`,
    bytes: headers('GET / HTTP/1.1', 'Host: other.example'),
    expected: declined(),
  },
  {
    name: 'two Hosts in HTTP/1.0',
    source: `${FORM}; host confusion`,
    bytes: headers('GET / HTTP/1.0', 'Connection: keep-alive', 'host: other.example'),
    expected: declined(),
  },
  {
    name: 'a Host that Connection names',
    source: 'RFC 9110, 7.6.1',
    bytes: headers('GET / HTTP/1.1', 'Connection: Host'),
    expected: { ...passed('GET /'), carries: /\r\nhost: counter\.example\r\n/i },
  },
  host('an empty Host', '', declined(), 'RFC 9110, 4.2.1'),
  host('a Host with a port', 'counter.example:8080', {
    ...passed('GET /'),
    carries: /\r\nhost: counter\.example:8080\r\n/i,
  }),
  host('a Host with an empty port', 'counter.example:', passed('GET /'), 'RFC 3986, 3.2.3'),
  absolute('an absolute form with an empty port', 'http://other.example:/a', '/a', 'other\\.example:'),
  host('a Host with zeros before its port', 'counter.example:000080', passed('GET /'), 'RFC 3986, 3.2.3'),
  host('a Host with a port that is none', 'counter.example:65536', declined(), 'RFC 3986, 3.2.3'),
  host('a Host with a port and no name', ':80', declined(), 'RFC 9110, 4.2.1'),
  host('a Host of more than 255 characters', 'a'.repeat(256), declined(), 'RFC 1035, 2.3.4'),
  host('a Host of IPv6 with an empty port', '[::1]:', passed('GET /'), 'RFC 3986, 3.2.3'),
  host('a Host of IPv6 without brackets', '::1', declined(), 'RFC 3986, 3.2.2'),
  host('a Host of IPv6 that does not end', '[::1', declined(), 'RFC 3986, 3.2.2'),
  host('a Host of IPv6 with a zone', '[fe80::1%25eth0]', declined(), 'RFC 6874, 2'),
  host('a Host of IPv6, compressed twice', '[1::2::3]', declined(), 'RFC 4291, 2.2'),
  host(
    'a Host between spaces',
    ' counter.example \t',
    { ...passed('GET /'), carries: /\r\nhost: counter\.example\r\n/i },
    'RFC 9110, 5.5',
  ),
  host('a Host of IPv6', '[::1]:8080', passed('GET /')),
  host('a Host with an at sign', 'counter.example@other.example', declined(), `${HOST}; host confusion`),
  host('a Host with a slash', 'other.example/a', declined(), `${HOST}; cache poisoning`),
  host('a Host with a question mark', 'other.example?a', declined(), `${HOST}; cache poisoning`),
  host('a Host with a fragment', 'other.example#a', declined(), `${HOST}; cache poisoning`),
  host('a Host with a backslash', 'other.example\\a', declined(), `${HOST}; host confusion`),
  host('a Host with a space', 'counter.example other.example'),
  host('a list of Hosts', 'counter.example, other.example', declined(), `${HOST}; host confusion`),
  host('a Host with its scheme', 'http://counter.example'),
  host('a Host with a script', '"><script>alert(1)</script>', declined(), `${HOST}; cross-site scripting`),
  host('a Host with a port of letters', 'counter.example:http'),
  host('a Host with two ports', 'counter.example:80:81'),
  host('a Host with a byte over 127', 'caf\xe9.example'),
  host('a Host with a NUL', 'counter\x00.example', refused()),
];
