// `counter hit` tells who served how many, and that the counter moved by exactly as many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { cli } from './cli.ts';
import { borrowCluster, startCluster } from './cluster.ts';

test('500 hits, 20 at a time, from one replica', { skip: noRedis() }, async (t) => {
  const { web } = await borrowCluster(t);
  const { code, out, err } = await cli(['hit', '-n', '500', '-c', '20', '--url', web.url]);
  assert.equal(err, '');
  assert.equal(code, 0);
  assert.match(out, /^web1 +127\.0\.0\.1 +500 +100\.0% +#{24}$/m);
  assert.match(out, /^200 +500$/m);
  assert.match(out, /^500 requests in \d+(\.\d+)? s, 20 at a time: \d+ per second$/m);
  assert.match(out, /^latency in ms: min [\d.]+, p50 [\d.]+, p90 [\d.]+, p99 [\d.]+, max [\d.]+$/m);
  assert.match(out, /^the counter moved from 0 to 500: 500 hits, 500 acknowledged: exact$/m);
});

test('replicas behind the proxy get equal shares, in natural order', { skip: noRedis() }, async (t) => {
  const { redis, web } = await startCluster(t);
  const web10 = await startService(t, 'web', { INSTANCE: 'web10', REDIS_URL: redis.url });
  const web2 = await startService(t, 'web', { INSTANCE: 'web2', REDIS_URL: redis.url });
  await Promise.all([web10.line(/connected to Redis/), web2.line(/connected to Redis/)]);
  const upstreams = [web, web10, web2].map(({ port }) => `127.0.0.1:${port}`).join(',');
  const proxy = await startService(t, 'proxy', { UPSTREAMS: upstreams });
  await Promise.all(['web1', 'web10', 'web2'].map((name) => proxy.line(new RegExp(`"${name}".*upstream is healthy`))));

  const { code, out } = await cli(['hit', '-n', '99'], { env: { COUNTER_URL: proxy.url } });
  assert.equal(code, 0);
  assert.deepEqual(
    out.match(/^web\d+ .* 33 /gm)?.map((line) => line.split(' ')[0]),
    ['web1', 'web2', 'web10'],
  );
});

test('somebody else who hits too is no failure', { skip: noRedis() }, async (t) => {
  const { env, redis, web } = await startCluster(t);
  const other = await startService(t, 'web', { INSTANCE: 'other', REDIS_URL: redis.url });
  const both = Promise.all([
    cli(['hit', '-n', '1000'], { env }),
    web.line(/"url":"\/"/).then(() => cli(['hit', '-n', '1', '--url', other.url])),
  ]);
  const [{ code, out }] = await both;
  assert.equal(code, 0);
  assert.match(out, /from 0 to 1001: 1001 hits, 1000 acknowledged: 1 more; somebody else is hitting it too$/m);
});
