// `counter hit` says why hits failed, and exits 1.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { listening } from '@container-counter/testing/listening';
import { noRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { cli } from './cli.ts';

test('nothing listens there', async () => {
  const port = await freePort();
  const { code, out, err } = await cli(['hit', '--url', `http://127.0.0.1:${port}`]);
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, new RegExp(`^The counter at 127\\.0\\.0\\.1:${port} refused the connection: .*counter up.*--url`));
});

test('what listens there is no counter', async (t) => {
  const url = await respondToAll(t, 404, 'nothing here');
  const { code, err } = await cli(['hit', '--url', url]);
  assert.equal(code, 1);
  assert.ok(err.startsWith(`${url}/ is not the counter: it responded to GET /counts with status 404.`), err);
});

test('a counter without its Redis: its own sentence, and how often it came', { skip: noRedis() }, async (t) => {
  const gone = await freePort();
  const web = await startService(t, 'web', { REDIS_URL: `redis://127.0.0.1:${gone}` });
  await web.line(/refused the connection/);
  const { code, out, err } = await cli(['hit', '-n', '7', '--url', web.url]);
  assert.equal(code, 1);
  assert.match(out, /^503 +7$/m);
  assert.match(out, new RegExp(`^first failure: Redis at 127\\.0\\.0\\.1:${gone} refused the connection`, 'm'));
  assert.match(out, /could not be read before the run/);
  assert.equal(err, '7 of 7 requests failed.\n');
});

test('connections that break are counted by the name of the error', async (t) => {
  const counts = JSON.stringify({ requests: 0, replicas: {}, clients: {} });
  const server = createServer((req, res) => (req.url === '/counts' ? res.end(counts) : req.socket.destroy()));
  const { code, out } = await cli(['hit', '-n', '3', '--url', await listen(t, server)]);
  assert.equal(code, 1);
  assert.match(out, /^connection closed +3$/m);
  assert.match(out, /^first failure: The counter at 127\.0\.0\.1:\d+ closed the connection before it responded/m);
});

test('what a server says cannot drive the terminal', async (t) => {
  const { err, out } = await cli(['hit', '-n', '1', '--url', await respondToAll(t, 500, '\u001b[2J\u009b31m')]);
  assert.doesNotMatch(out + err, /[^\P{Cc}\n]/u);
  assert.match(out, /first failure: \\x1b\[2J\\x9b31m$/m);
});

const respondToAll = (t: TestContext, status: number, body: string): Promise<string> =>
  listen(
    t,
    createServer((_req, res) => res.writeHead(status).end(body)),
  );

const listen = async (t: TestContext, server: Server): Promise<string> =>
  `http://127.0.0.1:${await listening(t, server)}`;
