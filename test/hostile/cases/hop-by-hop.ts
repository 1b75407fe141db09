// Connection and what belongs to one hop; who the client says it is; Expect and Upgrade.
import { type Case, get, headers, passed, post, refused, SMUGGLED } from '../support/case.ts';

const HOP = 'RFC 9110, 7.6.1';
const SPOOFED = 'spoofed client address';
const UPGRADE = 'RFC 9110, 7.8';
const EXPECT = 'RFC 9110, 10.1.1';

const OWN_ADDRESS = /\r\nx-forwarded-for: 127\.0\.0\.1\r\n/i;

const from = (name: string, source: string, lines: readonly string[], never: RegExp, carries?: RegExp): Case => ({
  name,
  source,
  bytes: get(...lines),
  expected: { ...passed('GET /'), never, ...(carries && { carries }) },
});

const spoofed = (name: string, ...lines: string[]): Case => from(name, SPOOFED, lines, /6\.6\.6\.6/, OWN_ADDRESS);

const named = (name: string, option: string, carries: RegExp): Case =>
  from(
    `${name} that Connection names`,
    `${HOP}; hop-by-hop abuse`,
    [`Connection: close, ${option}`],
    /\r\nconnection: close, /i,
    carries,
  );

const WS = ['Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
const ended = (...seen: string[]) => ({ ...passed(...seen), open: false });

export const hopByHop: readonly Case[] = [
  ...(
    [
      ['X-Forwarded-For', OWN_ADDRESS],
      ['X-Forwarded-Proto', /\r\nx-forwarded-proto: http\r\n/i],
      ['X-Forwarded-Host', /\r\nx-forwarded-host: counter\.example\r\n/i],
      ['X-Request-Id', /\r\nx-request-id: [\da-f-]{36}\r\n/i],
      ['Idempotency-Key', /\r\nidempotency-key: [\da-f-]{36}\r\n/i],
    ] as const
  ).map(([option, carries]) => ({
    ...named(option, option, carries),
    expected: { ...named('', option, carries).expected, open: false },
  })),
  from('a header that Connection names', HOP, ['Connection: X-Secret', 'X-Secret: 1'], /secret/i),
  from(
    'headers that two Connections name',
    HOP,
    ['Connection: X-Secret', 'connection: x-other', 'X-Secret: 1', 'X-Other: 1'],
    /x-secret|x-other/i,
  ),
  from('Connection with empty options', HOP, ['Connection: ,, X-Secret ,', 'X-Secret: 1'], /secret/i),
  from(
    'headers of one hop',
    HOP,
    [
      'Keep-Alive: timeout=9999',
      'Proxy-Connection: keep-alive',
      'TE: trailers, deflate',
      'Proxy-Authorization: Basic eDp5',
      'Trailer: X-Sum',
    ],
    /9999|proxy-|\r\nte: |trailer|x-sum/i,
  ),
  {
    name: 'a length that Connection names',
    source: `${HOP}; smuggling`,
    bytes: post(['Connection: Content-Length', `Content-Length: ${SMUGGLED.length}`], SMUGGLED),
    expected: passed('POST /'),
  },
  {
    name: 'close, and a request behind it',
    source: 'RFC 9112, 9.6',
    bytes: get('Connection: close') + SMUGGLED,
    expected: ended('GET /'),
  },
  {
    name: 'close and keep-alive at once',
    source: 'RFC 9112, 9.3',
    bytes: get('Connection: keep-alive, close'),
    expected: ended('GET /'),
  },
  {
    name: 'Connection behind more headers than a server keeps',
    source: `${HOP}; header limits that differ`,
    bytes: get(...Array(2000).fill('a:'), 'Connection: X-Secret', 'X-Secret: 1'),
    expected: refused(431),
  },
  spoofed('X-Forwarded-For', 'X-Forwarded-For: 6.6.6.6'),
  spoofed('X-Forwarded-For twice, in two writings', 'X-Forwarded-For: 6.6.6.6', 'x-FORWARDED-for: 6.6.6.6'),
  spoofed('X-Real-IP', 'X-Real-IP: 6.6.6.6'),
  spoofed('Forwarded', 'Forwarded: for=6.6.6.6;host=other.example'),
  spoofed(
    'X-Forwarded-Host, -Port and -Proto',
    'X-Forwarded-Host: 6.6.6.6',
    'X-Forwarded-Port: 6.6.6.6',
    'X-Forwarded-Proto: 6.6.6.6',
  ),
  spoofed('the address with an underscore', 'X_Forwarded_For: 6.6.6.6'),
  {
    name: 'the address under names that nobody reads here',
    source: SPOOFED,
    bytes: get('X-Client-IP: 6.6.6.6', 'True-Client-IP: 6.6.6.6', 'CF-Connecting-IP: 6.6.6.6'),
    expected: { ...passed('GET /'), carries: OWN_ADDRESS },
  },
  {
    name: 'X-Served-By, X-Upstream and X-Attempts',
    source: 'spoofed response',
    bytes: get('X-Served-By: forged', 'X-Upstream: forged', 'X-Attempts: forged'),
    expected: { ...passed('GET /'), says: /^(?!.*forged).*\r\nX-Served-By: recorder\r\n/is },
  },
  {
    name: 'a path that overrides the target',
    source: 'cache poisoning',
    bytes: get('X-Original-URL: /forged', 'X-Rewrite-URL: /forged'),
    expected: { ...passed('GET /'), carries: /^GET \/ / },
  },
  from('a proxy for the upstream itself', 'CVE-2016-5385', ['Proxy: http://forged.example'], /forged/),
  from('an X-Request-Id that is no word', 'log injection', ['X-Request-Id: forged","level":"fatal'], /forged/),
  from('two X-Request-Ids', 'log injection', ['X-Request-Id: forged', 'X-Request-Id: forged2'], /forged/),
  from(
    'an Idempotency-Key',
    "the key is the client's own",
    ['Idempotency-Key: own'],
    /idempotency-key: [\da-f-]{36}/i,
    /\r\nidempotency-key: own\r\n/i,
  ),
  {
    name: 'two Idempotency-Keys',
    source: 'RFC 9110, 5.3',
    bytes: get('Idempotency-Key: a', 'Idempotency-Key: b'),
    expected: { statuses: [400], open: true, seen: [] },
  },
  {
    name: '100-continue',
    source: EXPECT,
    bytes: post(['Expect: 100-continue', 'Content-Length: 5'], 'hello'),
    expected: { statuses: [100, 200], open: true, seen: ['POST /'] },
  },
  {
    name: '100-continue before a chunked body',
    source: EXPECT,
    bytes: post(['Expect: 100-continue', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'),
    expected: { statuses: [100, 200], open: true, seen: ['POST /'] },
  },
  {
    name: '100-continue without a body',
    source: EXPECT,
    bytes: get('Expect: 100-continue'),
    expected: { statuses: [100, 200], open: true, seen: ['GET /'] },
  },
  {
    name: '100-continue in HTTP/1.0',
    source: EXPECT,
    bytes: `${headers('POST / HTTP/1.0', 'Expect: 100-continue', 'Content-Length: 5')}hello`,
    expected: ended('POST /'),
  },
  {
    name: '100-continue for a body that is too large',
    source: EXPECT,
    bytes: post(['Expect: 100-continue', 'Content-Length: 2000000'], ''),
    expected: refused(413),
  },
  {
    name: '100-continue that never continues',
    source: EXPECT,
    bytes: post(['Expect: 100-continue', 'Content-Length: 5'], ''),
    expected: { statuses: [100, 408], open: false, seen: [] },
  },
  {
    name: '100-continue with both lengths',
    source: `${EXPECT}; Expect-based desync`,
    bytes: post(['Expect: 100-continue', 'Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`),
    expected: refused(),
  },
  {
    name: 'an unknown expectation',
    source: EXPECT,
    bytes: get('Expect: payment'),
    expected: { statuses: [417], open: true, seen: [], says: /The expectation "payment" is not supported\./ },
  },
  {
    name: 'an unknown expectation, with a body',
    source: EXPECT,
    bytes: post(['Expect: payment', 'Content-Length: 5'], 'hello'),
    expected: { statuses: [417], open: true, seen: [] },
  },
  {
    name: 'an unknown expectation, behind a request',
    source: EXPECT,
    bytes: get() + get('Expect: payment'),
    expected: { statuses: [200, 417], open: true, seen: ['GET /'] },
  },
  {
    name: 'an expectation that only looks like one',
    source: `${EXPECT}; Expect-based desync`,
    bytes: post(['Expect: y 100-continue', 'Content-Length: 5'], 'hello'),
    expected: { statuses: [100, 200], open: true, seen: ['POST /'] },
  },
  {
    name: 'h2c',
    source: `${UPGRADE}; h2c smuggling`,
    bytes: get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'),
    expected: { ...ended('GET /'), never: /h2c|http2-settings/i },
  },
  {
    name: 'h2c with the preface behind it',
    source: `${UPGRADE}; h2c smuggling`,
    bytes: `${get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk')}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    expected: { ...ended('GET /'), never: /h2c|PRI/i },
  },
  {
    name: 'TLS within HTTP',
    source: 'RFC 2817, 3',
    bytes: get('Connection: Upgrade', 'Upgrade: TLS/1.0'),
    expected: { ...ended('GET /'), never: /tls/i },
  },
  {
    name: 'Upgrade without Connection',
    source: UPGRADE,
    bytes: get('Upgrade: websocket'),
    expected: { ...ended('GET /'), never: /upgrade/i },
  },
  {
    name: 'a WebSocket that the upstream refuses',
    source: 'RFC 6455, 4.2.2',
    bytes: headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS),
    expected: ended('GET /feed'),
  },
  {
    name: 'a request behind a WebSocket that is refused',
    source: 'RFC 6455, 4.2.2; WebSocket smuggling',
    bytes: headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS) + SMUGGLED,
    expected: ended('GET /feed'),
  },
  {
    name: 'a request behind a WebSocket of a wrong version',
    source: 'RFC 6455, 4.4; WebSocket smuggling',
    bytes:
      headers('GET /feed HTTP/1.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 777') +
      SMUGGLED,
    expected: ended('GET /feed'),
  },
  {
    name: 'a WebSocket behind another request',
    source: `${UPGRADE}; response splitting`,
    bytes: get() + headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS),
    expected: { ...ended('GET /', 'GET /feed'), never: /upgrade/i },
  },
  {
    name: 'a request behind an upgrade that is not made',
    source: `${UPGRADE}; WebSocket smuggling`,
    bytes: get('Connection: Upgrade', 'Upgrade: nothing') + SMUGGLED,
    expected: ended('GET /'),
  },
  {
    name: 'a WebSocket with a body',
    source: `${UPGRADE}; WebSocket smuggling`,
    bytes: headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    expected: ended('GET /feed'),
  },
  {
    name: 'a WebSocket with a chunked body',
    source: `${UPGRADE}; WebSocket smuggling`,
    bytes: `${headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    expected: ended('GET /feed'),
  },
  {
    name: 'a WebSocket with both lengths',
    source: `${UPGRADE}; CL.TE`,
    bytes: `${headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS, 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`,
    expected: refused(),
  },
  {
    name: 'a WebSocket by POST',
    source: 'RFC 6455, 4.1',
    bytes: headers('POST /feed HTTP/1.1', 'Upgrade: websocket', ...WS),
    expected: { ...ended('POST /feed'), never: /upgrade/i },
  },
  {
    name: 'a WebSocket in HTTP/1.0',
    source: 'RFC 9110, 7.8',
    bytes: headers('GET /feed HTTP/1.0', 'Upgrade: websocket', ...WS),
    expected: { ...ended('GET /feed'), never: /upgrade/i },
  },
  {
    name: 'a WebSocket among others',
    source: UPGRADE,
    bytes: headers('GET /feed HTTP/1.1', 'Upgrade: h2c, websocket', ...WS),
    expected: { ...ended('GET /feed'), never: /h2c/i },
  },
  {
    name: 'a WebSocket from a spoofed address',
    source: SPOOFED,
    bytes: headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS, 'X-Forwarded-For: 6.6.6.6', 'X-Real-IP: 6.6.6.6'),
    expected: { ...ended('GET /feed'), never: /6\.6\.6\.6/, carries: OWN_ADDRESS },
  },
  {
    name: 'a WebSocket whose Connection names X-Forwarded-For',
    source: `${HOP}; hop-by-hop abuse`,
    bytes: headers('GET /feed HTTP/1.1', 'Upgrade: websocket', ...WS.slice(1), 'Connection: Upgrade, X-Forwarded-For'),
    expected: { ...ended('GET /feed'), carries: OWN_ADDRESS },
  },
];
