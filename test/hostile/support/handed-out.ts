// What makes Node hand out a socket: the bytes that lead to each event, by the name of the event.
import { get, headers, post } from './case.ts';

const WS = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

export const SOCKETS: Readonly<Record<string, string>> = {
  connect: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
  'connect, with data behind it': `CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n${'x'.repeat(100_000)}`,
  'connect, behind a request': `${get()}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n`,
  'connect, with a body that does not come': 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 10\r\n\r\n',
  'connect, with a body, behind a request': `${get()}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 9\r\n\r\nhalf`,
  'connect, with garbage as its chunks':
    'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'upgrade that is made': headers('GET /live HTTP/1.1', ...WS, KEY),
  'upgrade that is made, with frames behind it':
    headers('GET /live HTTP/1.1', ...WS, KEY) + '\x81\x80\0\0\0\0'.repeat(99),
  'upgrade of a page from elsewhere': headers('GET /live HTTP/1.1', ...WS, KEY, 'Origin: http://other.example'),
  'upgrade without a key': headers('GET /live HTTP/1.1', ...WS),
  'upgrade of a wrong version': headers('GET /live HTTP/1.1', ...WS, KEY).replace('13', '12'),
  'upgrade of a path that has none': headers('GET /counts HTTP/1.1', ...WS, KEY),
  'upgrade of no valid target': headers('GET * HTTP/1.1', ...WS, KEY),
  'upgrade with a body': headers('GET /live HTTP/1.1', ...WS, KEY, 'Content-Length: 10'),
  'upgrade behind a request': get() + headers('GET /live HTTP/1.1', ...WS, KEY),
  'clientError: no HTTP': 'hello\r\n\r\n',
  'clientError: headers that are too large': get(`X: ${'x'.repeat(100_000)}`),
  'clientError: behind a request': `${get()}hello\r\n\r\n`,
  'clientError: within a body': post(['Transfer-Encoding: chunked'], 'zz\r\n'),
  checkContinue: post(['Expect: 100-continue', 'Content-Length: 5'], ''),
  'checkContinue, with its body': post(['Expect: 100-continue', 'Content-Length: 5'], 'hello'),
  'checkContinue, too large': post(['Expect: 100-continue', 'Content-Length: 50000000'], ''),
  checkExpectation: post(['Expect: payment', 'Content-Length: 5'], 'hello'),
  'timeout of the headers': 'GET / HTTP/1.1\r\n',
  'timeout of the body': post(['Content-Length: 5'], 'he'),
  'timeout of a kept connection': get(),
  request: get('Connection: close'),
};
