// Ctrl-C stops `counter hit`, which then shows the result of what it had sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
