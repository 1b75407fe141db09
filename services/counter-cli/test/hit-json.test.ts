// `counter hit --json` prints one document with everything that was measured, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import type { Run } from '../src/hit/report.ts';
import { cli } from './cli.ts';
import { borrowCluster } from './cluster.ts';

test('even on a terminal there is no progress bar and no colour', { skip: noRedis() }, async (t) => {
  const { env, web } = await borrowCluster(t);
  await cli(['hit', '-n', '2'], { env });
  const { code, out } = await cli(['hit', '-n', '30', '-c', '3', '--json'], { env, terminal: true });
  assert.equal(code, 0);
  const { latency, seconds, perSecond, ...run } = JSON.parse(out) as Run;
  assert.deepEqual(run, {
    url: `${web.url}/`,
    requests: { requested: 30, sent: 30, acknowledged: 30, failed: 0 },
    exact: false,
    retries: 0,
    concurrency: 3,
    replicas: [{ name: 'web1', addresses: ['127.0.0.1'], hits: 30, share: 1 }],
    statuses: { 200: 30 },
    firstFailure: null,
    counter: {
      before: 2,
      after: 32,
      verdict: 'exact',
      sentence: 'the counter moved from 2 to 32: 30 hits, 30 acknowledged: exact',
    },
  });
  assert.ok(seconds > 0 && perSecond > 0);
  assert.ok(latency !== null && latency.min > 0 && latency.min <= latency.p50 && latency.p99 <= latency.max);
});
