// Random messages: what the grammars of the fast path and of the shared connection accept, node:http and undici accept too,
// with the same meaning and the same end. FUZZ_SECONDS sets how long (default 1 each), FUZZ_SEED which messages.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { parseSimpleRequest } from '../src/client/simple-request.ts';
import { reasonPhrase } from '../src/client/status-line.ts';
import type { ResponseHead } from '../src/forward/transport.ts';
import { namesAndValues } from '../src/header-lines.ts';
import { createPool } from '../src/upstream/pool.ts';
import { parseSimpleResponse } from '../src/upstream/simple-response.ts';
import { textOf } from './support.ts';

const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 1);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** mulberry32 */
const randomFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % below;
  };
};

const BYTES = [
  '\r\n',
  '\r',
  '\n',
  ' ',
  '\t',
  ':',
  ',',
  '\0',
  '\x7f',
  '\x80',
  '\xff',
  ';',
  '=',
  '"',
  '#',
  '%',
  '/',
  '?',
  'x',
  '0',
];

/** `lines` with some left out, repeated or swapped, and some of their bytes replaced, put in or taken out. */
const mutate = (lines: readonly string[], random: (below: number) => number): string => {
  const [first = '', ...rest] = lines;
  const kept = rest.flatMap((line) => (random(8) === 0 ? [] : random(12) === 0 ? [line, line] : [line]));
  let text = [first, ...kept.toSorted(() => random(3) - 1)].join('\r\n');
  for (let changes = random(4); changes > 0; changes -= 1) {
    const at = random(text.length + 1);
    text = text.slice(0, at) + (random(3) > 0 ? BYTES[random(BYTES.length)] : '') + text.slice(at + random(2));
  }
  return text;
};

const REQUEST = [
  ...['GET /a?b=%20c HTTP/1.1', 'Host: a:80', 'Accept: */*', 'X-Request-Id: id', 'Connection: keep-alive'],
  ...['Content-Length: 3', 'Transfer-Encoding: chunked', 'Expect: 100-continue', 'X_Y: \t z ', 'Idempotency-Key: k'],
];

const RESPONSE = [
  ...['HTTP/1.1 200 OK', 'Content-Length: 5', 'X-Request-Id: id', 'Content-Type: text/plain', 'Connection: close'],
  ...['Set-Cookie: a', 'Transfer-Encoding: chunked', 'Trailer: X', 'X_Y: \t z ', 'X-Served-By: web1'],
];

type Pooled = ResponseHead & { readonly body: string };

/** The response of `port` as undici reads it, which serves whatever does not go over the shared connection. */
const overPool = async (port: number): Promise<Pooled> => {
  const options = { connectTimeoutMs: 1000, idleTimeoutMs: 1000, keepAliveMs: 1000, onLost: () => {} };
  const pool = createPool(`http://127.0.0.1:${port}`, options);
  const request = { id: 'id', uniqueId: true, method: 'GET', path: '/', lines: '', body: undefined };
  const { promise, resolve, reject } = Promise.withResolvers<Pooled>();
  let head: ResponseHead | undefined;
  let body = '';
  pool.kept.send(
    request,
    {
      onSent: () => {},
      onWait: () => {},
      onProgress: () => {},
      onHead: (received) => {
        head = received;
      },
      onData: (chunk) => {
        body += chunk.toString('latin1');
      },
      onEnd: () => resolve({ ...(head as ResponseHead), body }),
      onError: reject,
    },
    1000,
  );
  try {
    return await promise;
  } finally {
    await pool.destroy();
  }
};

/** Calls `compare` with messages until it is time, and says how many it compared. */
const fuzz = async (lines: readonly string[], compare: (text: string) => Promise<boolean>): Promise<void> => {
  const random = randomFrom(SEED);
  const end = performance.now() + SECONDS * 1000;
  let compared = 0;
  let all = 0;
  for (; performance.now() < end; all += 1) {
    const text = mutate(lines, random);
    try {
      if (await compare(text)) compared += 1;
    } catch (error) {
      throw new Error(`FUZZ_SEED=${SEED}: ${JSON.stringify(text)}`, { cause: error });
    }
    if (all % 1000 === 0) await new Promise(setImmediate);
  }
  assert.ok(compared >= 20, `only ${compared} of ${all} messages were accepted`);
};

suite(`messages from seed ${SEED}`, () => {
  let received: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    received.push(req);
    res.end();
  });
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  test('requests', () =>
    fuzz(REQUEST, async (lines) => {
      const text = `${lines}\r\n\r\n`;
      const request = parseSimpleRequest(text, 16_384);
      if (request?.length !== text.length) return false;
      received = [];
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
      // The second one shows where the first one ended.
      socket.end(`${text}GET /marker HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n`, 'latin1');
      await once(socket, 'close');
      const [first, second] = received;
      assert.deepEqual([first?.method, first?.url, first?.httpVersion], [request.method, request.url, '1.1']);
      assert.deepEqual(first?.rawHeaders, namesAndValues(request.lines));
      assert.deepEqual([first?.headers.host, first?.complete], [request.host, true]);
      if (request.close) assert.equal(received.length, 1);
      else assert.equal(second?.url, '/marker');
      return true;
    }));

  test('responses', () =>
    fuzz(RESPONSE, async (head) => {
      const response = parseSimpleResponse(head);
      if (response === undefined || head.includes('\r\n\r\n') || response.length > 1000) return false;
      const body = 'b'.repeat(response.length);
      const upstream = createTcpServer((socket) => {
        socket.once('data', () => socket.end(`${head}\r\n\r\n${body}`, 'latin1'));
        socket.on('error', () => {});
      });
      await once(upstream.listen(0, '127.0.0.1'), 'listening');
      try {
        const { port } = upstream.address() as AddressInfo;
        const [message] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
        assert.deepEqual([message.statusCode, message.statusMessage], [response.status, response.reason]);
        assert.deepEqual(message.rawHeaders, namesAndValues(response.lines));
        assert.equal(await textOf(message), body);

        const pooled = await overPool(port);
        const reasons = [reasonPhrase(pooled.reason), reasonPhrase(response.reason)]; // undici decodes others
        assert.deepEqual([pooled.status, reasons[0]], [response.status, reasons[1]]);
        assert.deepEqual(namesAndValues(pooled.lines), namesAndValues(response.lines));
        assert.deepEqual([pooled.length, pooled.requestId?.trimEnd()], [response.length, response.requestId]);
        assert.equal(pooled.body, body);
      } finally {
        upstream.close();
      }
      return true;
    }));
});
