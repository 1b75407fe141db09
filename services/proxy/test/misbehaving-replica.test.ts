// Whatever a replica sends, no client gets anything of another's response: not one byte.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { suite, test } from 'node:test';
import { rawClient, startRawUpstream } from './raw.ts';
import { expectShort, startProxy, startUpstream } from './support.ts';

const CLIENTS = 20;
const ROUNDS = 3;

/** Writes what it makes of the request `id` to `socket`; `previous` is the request before it on that connection. */
type Misbehaviour = (socket: Socket, id: string, previous: string | undefined) => void;

const head = (id: string, length: number | string, more = '') =>
  `HTTP/1.1 200 OK\r\nX-Request-Id: ${id}\r\n${more}Content-Length: ${length}\r\n\r\n`;
const whole = (id: string, more = '') => `${head(id, id.length, more)}${id}`;
const without = (id: string, status = '200 OK') => `HTTP/1.1 ${status}\r\nX-Request-Id: ${id}\r\n`;
const chunked = (id: string) =>
  `${without(id)}Transfer-Encoding: chunked\r\n\r\n${id.length.toString(16)}\r\n${id}\r\n0\r\n\r\n`;

const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  'the same response twice': (socket, id) => socket.write(whole(id) + whole(id)),
  'a surplus response without an id': (socket, id) =>
    socket.write(`${whole(id)}HTTP/1.1 200 OK\r\nContent-Length: ${id.length}\r\n\r\n${id}`),
  'a surplus response when the next request comes': (socket, id, previous) =>
    socket.write((previous === undefined ? '' : whole(previous)) + whole(id)),
  'a surplus response that is cut': (socket, id) => socket.write(whole(id) + whole(id).slice(0, -5)),
  'the response of the request before': (socket, id, previous) => socket.write(whole(previous ?? id)),
  'the id of the request before, too': (socket, id, previous) =>
    socket.write(whole(id, previous === undefined ? '' : `X-Request-Id: ${previous}\r\n`)),
  'no id': (socket, id) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${id.length}\r\n\r\n${id}`),
  'a body shorter than its length, then the end': (socket, id) => socket.end(head(id, id.length + 10) + id),
  'a body shorter than its length, and the next response': (socket, id) => socket.write(head(id, id.length + 10) + id),
  'a body longer than its length': (socket, id) => socket.write(head(id, id.length) + id + id),
  'no length, then the end': (socket, id) => socket.end(`${without(id)}\r\n${id}`),
  'no length, then a reset': (socket, id) => socket.write(`${without(id)}\r\n${id}`, () => socket.resetAndDestroy()),
  'no length, and no end': (socket, id) => socket.write(`${without(id)}\r\n${id}`),
  'two lengths': (socket, id) => socket.write(head(id, id.length, 'Content-Length: 1\r\n') + id),
  'a list of lengths': (socket, id) => socket.write(head(id, `${id.length}, ${id.length}`) + id),
  'a negative length': (socket, id) => socket.write(head(id, -1) + id),
  'a length in another base': (socket, id) => socket.write(head(id, `0x${id.length.toString(16)}`) + id),
  'a length and chunks': (socket, id) => socket.write(head(id, 1, 'Transfer-Encoding: chunked\r\n') + chunked(id)),
  chunks: (socket, id) => socket.write(chunked(id)),
  'chunks with bytes behind them': (socket, id) => socket.write(`${chunked(id)}${id}`),
  'chunks without an end': (socket, id) => socket.write(chunked(id).slice(0, -5)),
  'an unknown coding': (socket, id) => socket.write(`${without(id)}Transfer-Encoding: zip\r\n\r\n${id}`),
  'an interim response': (socket, id) => socket.write(`HTTP/1.1 103 Early Hints\r\nX-For: ${id}\r\n\r\n${whole(id)}`),
  'a thousand interim responses': (socket, id) =>
    socket.write(`HTTP/1.1 103 Early Hints\r\nX-For: ${id}\r\n\r\n`.repeat(1000) + whole(id)),
  'an interim response behind the final one': (socket, id) =>
    socket.write(`${whole(id)}HTTP/1.1 103 Early Hints\r\nX-For: ${id}\r\n\r\n`),
  'a switch of protocols': (socket, id) =>
    socket.write(`${without(id, '101 Switching Protocols')}Upgrade: x\r\nConnection: upgrade\r\n\r\n${id}`),
  'a 204 with a body': (socket, id) => socket.write(`${without(id, '204 No Content')}Content-Length: 3\r\n\r\n${id}`),
  'a 304 with a body': (socket, id) => socket.write(`${without(id, '304 Not Modified')}Content-Length: 3\r\n\r\n${id}`),
  'a reset': (socket) => socket.resetAndDestroy(),
  'a reset within the headers': (socket, id) => socket.write(whole(id).slice(0, 30), () => socket.resetAndDestroy()),
  'a reset in the body': (socket, id) => socket.write(whole(id).slice(0, -3), () => socket.resetAndDestroy()),
  'the end': (socket) => socket.end(),
  'the end within the headers': (socket, id) => socket.end(whole(id).slice(0, 30)),
  'the end in the body': (socket, id) => socket.end(whole(id).slice(0, -3)),
  'its response, and the end': (socket, id) => socket.end(whole(id)),
  'no response': () => {},
  'the response with the next request': (socket, _id, previous) => {
    if (previous !== undefined) socket.write(whole(previous));
  },
  garbage: (socket, id) => socket.write(`\0\xff${id}\r\n\r\n${id}`),
  'bytes before the response': (socket, id) => socket.write(`${id}\r\n${whole(id)}`),
  'line feeds alone': (socket, id) => socket.write(whole(id).replaceAll('\r\n', '\n')),
  'a folded field': (socket, id) => socket.write(head(id, id.length, 'X-A: a\r\n b\r\n') + id),
  'a NUL in a field': (socket, id) => socket.write(head(id, id.length, 'X-A: a\0b\r\n') + id),
  'a space before the colon': (socket, id) => socket.write(head(id, id.length, 'X-A : a\r\n') + id),
  'HTTP/1.0': (socket, id) => socket.write(whole(id).replace('HTTP/1.1', 'HTTP/1.0')),
  'HTTP/2.0': (socket, id) => socket.write(whole(id).replace('HTTP/1.1', 'HTTP/2.0')),
  'a status of 600': (socket, id) => socket.write(whole(id).replace('200 OK', '600 Odd')),
  'a status of four digits': (socket, id) => socket.write(whole(id).replace('200 OK', '2000 OK')),
  'headers without an end': (socket, id) => socket.write(`${without(id)}X-Long: ${'x'.repeat(20_000)}`),
};

const paths = { 'over the shared connection': '/', 'over the pool': '/counts' } as const;

for (const [way, path] of Object.entries(paths)) {
  suite(way, { concurrency: 4 }, () => {
    for (const [name, misbehave] of Object.entries(misbehaviours)) {
      test(name, async (t) => {
        const responded = new WeakMap<Socket, string[]>();
        const onBytes = (socket: Socket, bytes: string) => {
          const seen = responded.get(socket) ?? [];
          responded.set(socket, seen);
          const ids = [...bytes.matchAll(/^X-Request-Id: (\S+)\r\n(?:.+\r\n)*\r\n/gim)].map(([, id = '']) => id);
          for (const id of ids.slice(seen.length)) {
            const previous = seen.at(-1);
            seen.push(id);
            misbehave(socket, id, previous);
          }
        };
        const bad = await startRawUpstream(t, onBytes, { echo: true });
        const good = await startUpstream(t, 'good', (req, res) => {
          const id = `${req.headers['x-request-id']}`;
          res.setHeader('Content-Length', id.length).end(id);
        });
        const env = { TRY_TIMEOUT_MS: '700', IDLE_TIMEOUT_MS: '2500', LOG_LEVEL: 'silent' };
        const proxy = await startProxy(t, [bad.address, good.address], { env });
        if (path === '/') expectShort(proxy, path);
        let fromGood = 0;
        for (let round = 0; round < ROUNDS; round += 1) {
          const all = Array.from({ length: CLIENTS }, (_, i) => `client-${round}-${i}-`);
          const received = await Promise.all(
            all.map((id) => {
              const request = `GET ${path} HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`;
              return rawClient(t, proxy.port, request).closed;
            }),
          );
          for (const [i, text] of received.entries()) {
            const own = all[i] as string;
            const ids = text.match(/client-\d+-\d+-/g) ?? [];
            assert.deepEqual(new Set(ids), new Set([own]), text);
            assert.match(text, /^HTTP\/1\.1 (1\d\d|200|204|304|502|504|600) /);
            if (/X-Served-By: good/.test(text)) {
              fromGood += 1;
              assert.ok(text.endsWith(`\r\n\r\n${own}`), text);
            }
          }
        }
        assert.ok(fromGood >= (CLIENTS * ROUNDS) / 2 - ROUNDS, `${fromGood} responses came from the good one`);
      });
    }
  });
}
