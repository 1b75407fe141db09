// The access log: one line for each request, when its response was sent or its client has disconnected.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { logRequest } from '@container-counter/service/access-log';
import { listen } from '@container-counter/service/lifecycle';
import { createLogger } from '@container-counter/service/log';
import request from 'supertest';

type Line = Record<string, unknown>;

/** `respond` handles every request; resolves `line` with the first line that is logged. */
const startServer = async (t: TestContext, respond: (res: ServerResponse) => void) => {
  const { promise: line, resolve } = Promise.withResolvers<Line>();
  const log = createLogger({}, 'debug', { write: (text) => resolve(JSON.parse(text)) });
  const server = createServer((req, res) => {
    logRequest(log, req, res, 'id-1', () => ({ upstream: 'web2' }));
    respond(res);
  });
  const port = await listen(server, 0, '127.0.0.1');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${port}`, port, line };
};

test('the line names the request, its response, and what the service adds', async (t) => {
  const { url, line } = await startServer(t, (res) => res.writeHead(404).end('no'));
  await request(url).get('/a?b=c');
  const { time, ms, ...rest } = await line;
  assert.deepEqual(rest, {
    level: 'info',
    requestId: 'id-1',
    method: 'GET',
    url: '/a?b=c',
    status: 404,
    upstream: 'web2',
    message: 'request',
  });
  assert.ok(typeof ms === 'number' && ms >= 0 && Number.isFinite(Date.parse(String(time))));
});

const LEVELS: readonly (readonly [string, string])[] = [
  ['/healthz', 'debug'],
  ['/readyz', 'debug'],
  ['/-/readyz', 'debug'],
  ['/healthz?from=probe', 'debug'],
  ['/', 'info'],
  ['/redis/get?key=/healthz', 'info'],
];

for (const [path, level] of LEVELS) {
  test(`${path} is logged at ${level}`, async (t) => {
    const { url, line } = await startServer(t, (res) => res.end());
    await request(url).get(path);
    assert.equal((await line)['level'], level);
  });
}

const UNFINISHED: Readonly<Record<string, (res: ServerResponse) => void>> = {
  'before a response': () => {},
  'in the middle of one': (res) => res.writeHead(200).write('half'),
};

for (const [name, respond] of Object.entries(UNFINISHED)) {
  test(`a client that disconnects ${name} is logged with 499`, async (t) => {
    const arrived = Promise.withResolvers<void>();
    const { port, line } = await startServer(t, (res) => {
      respond(res);
      arrived.resolve();
    });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /slow HTTP/1.1\r\nHost: test\r\n\r\n');
    await arrived.promise;
    socket.destroy();
    assert.equal((await line)['status'], 499);
  });
}
