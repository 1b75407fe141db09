// `counter hit --exact` retries a hit until its number is known, and it is counted once all the same.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { listening } from '@container-counter/testing/listening';
import { noRedis } from '@container-counter/testing/redis';
import { request } from 'undici';
import type { Run } from '../src/hit/report.ts';
import { cli } from './cli.ts';
import { startCluster } from './cluster.ts';

test('every second response is lost, and every hit is counted once', { skip: noRedis() }, async (t) => {
  const { web } = await startCluster(t);
  const url = await startThief(t, web.url);
  const plain = await cli(['hit', '-n', '10', '--json', '--url', url]);
  assert.equal(plain.code, 1);
  const lossy = JSON.parse(plain.out) as Run;
  assert.equal(lossy.requests.failed, 5);
  assert.equal(lossy.counter.verdict, 'more');

  const { code, out, err } = await cli(['hit', '-n', '10', '--exact', '--json', '--url', url]);
  assert.equal(err, '');
  assert.equal(code, 0);
  const { requests, retries, counter } = JSON.parse(out) as Run;
  assert.deepEqual(requests, { requested: 10, sent: 10, acknowledged: 10, failed: 0 });
  assert.equal(retries, 10);
  assert.equal(counter.sentence, 'the counter moved from 10 to 20: 10 hits, 10 acknowledged: exact');
});

test('a counter in trouble is read once it has recovered, before the first hit', async (t) => {
  let reads = 0;
  let hits = 0;
  const url = await listen(t, (req, res) => {
    if (req.url !== '/counts') {
      hits += 1;
      return void res.end(JSON.stringify({ requests: hits, servedBy: 'web1', address: '127.0.0.1' }));
    }
    reads += 1;
    if (reads <= 2) res.writeHead(503).end('{"detail":"Redis is starting."}');
    else res.end(JSON.stringify({ requests: hits, replicas: {}, clients: {} }));
  });
  const { code, out, err } = await cli(['hit', '-n', '2', '--exact', '--json', '--url', url]);
  assert.deepEqual([code, err], [0, '']);
  assert.equal((JSON.parse(out) as Run).counter.verdict, 'exact');
  assert.equal(reads, 4);
});

test('what is refused is not retried', async (t) => {
  let hits = 0;
  const url = await listen(t, (req, res) => {
    if (req.url === '/counts') return void res.end(NO_COUNTS);
    hits += 1;
    res.writeHead(400).end('no');
  });
  const { code, out } = await cli(['hit', '-n', '2', '--exact', '--url', url]);
  assert.equal(code, 1);
  assert.match(out, /^400 +2$/m);
  assert.match(out, /^each with its own key: 0 retries$/m);
  assert.equal(hits, 2);
});

test('each hit has a key of its own, and keeps it', async (t) => {
  const keys: unknown[] = [];
  const url = await listen(t, (req, res) => {
    if (req.url === '/counts') return void res.end(NO_COUNTS);
    keys.push(req.headers['idempotency-key']);
    if (keys.length % 2 === 1) req.socket.destroy();
    else res.end('{"requests":1,"servedBy":"web1","address":"127.0.0.1"}');
  });
  await cli(['hit', '-n', '2', '--exact', '--url', url]);
  const [a, b, c, d] = keys;
  assert.deepEqual([b, d], [a, c]);
  assert.notEqual(a, c);
  assert.match(`${a}`, /^[\da-f]{8}-[\da-f-]{27}$/);
  assert.equal(keys.length, 4);
});

/** In front of a counter: passes every request on, and keeps the response of every second hit to itself. */
const startThief = (t: TestContext, counter: string): Promise<string> => {
  let hits = 0;
  return listen(t, async (req, res) => {
    const { statusCode, body } = await request(`${counter}${req.url}`, { headers: headersOf(req.headers) });
    const response = await body.text();
    if (req.url === '/') hits += 1;
    if (req.url === '/' && hits % 2 === 1) req.socket.destroy();
    else res.writeHead(statusCode).end(response);
  });
};

const headersOf = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    ['accept', 'idempotency-key'].flatMap((name) => (headers[name] ? [[name, `${headers[name]}`]] : [])),
  );

const listen = async (t: TestContext, serve: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(t, createServer(serve))}`;

const NO_COUNTS = JSON.stringify({ requests: 0, replicas: {}, clients: {} });
