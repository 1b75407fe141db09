// Ctrl-C stops `counter hit`, which then shows the result of what it had sent.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { listening } from '@container-counter/testing/listening';
import { noRedis } from '@container-counter/testing/redis';
import type { Run } from '../src/hit/report.ts';
import { startCluster, startCounter } from './cluster.ts';

test('the result is that of the hits that were sent', { skip: noRedis() }, async (t) => {
  const { env, web } = await startCluster(t);
  const hit = startCounter(t, ['hit', '-n', '1000000', '-c', '4', '--json'], env);
  await web.line(/"url":"\/"/);
  assert.equal(await hit.stop('SIGINT'), 0, hit.lines.join('\n'));
  const { requests, counter } = JSON.parse(hit.lines.join('\n')) as Run;
  assert.ok(requests.sent > 0 && requests.sent < requests.requested);
  assert.equal(requests.acknowledged, requests.sent);
  assert.equal(counter.verdict, 'exact');
});

test('with --exact, there is at most one more attempt, and one more read, whatever time is left', async (t) => {
  const { promise: attempted, resolve } = Promise.withResolvers<void>();
  let reads = 0;
  const server = createServer((req, res) => {
    if (req.url !== '/counts') resolve();
    else if (++reads === 1) return void res.end('{"requests":0,"replicas":{},"clients":{}}');
    res.writeHead(503).end('{"detail":"Redis is starting."}');
  });
  const url = `http://127.0.0.1:${await listening(t, server)}`;
  const hit = startCounter(t, ['hit', '-n', '2', '--exact', '--json', '--url', url], {});
  await attempted;
  const begin = performance.now();
  assert.equal(await hit.stop('SIGINT'), 1);
  const seconds = (performance.now() - begin) / 1000;
  assert.ok(seconds < 10, `${seconds} s, as long as an exact hit may take`);
  assert.deepEqual(hit.errors, ['1 of 1 requests failed.']);
  assert.equal(reads, 2);
});
