// `counter watch` shows the cluster live: line by line in a file, in place on a terminal; it finds its way back by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { createRate } from '../src/watch/picture.ts';
import { cli } from './cli.ts';
import { startCluster, startCounter } from './cluster.ts';

const skip = noRedis();

const startTwo = async (t: test.TestContext) => {
  const redis = await startRedis(t);
  const env = { REDIS_URL: redis.url, TRUSTED_PROXIES: 'loopback', LOG_LEVEL: 'info' };
  const web1 = await startService(t, 'web', { ...env, INSTANCE: 'web1' });
  const web2 = await startService(t, 'web', { ...env, INSTANCE: 'web2' });
  const UPSTREAMS = [web1, web2].map(({ port }) => `127.0.0.1:${port}`).join();
  const proxy = await startService(t, 'proxy', { UPSTREAMS });
  await eventually(async () =>
    assert.match(await (await fetch(`${proxy.url}/-/upstreams`)).text(), /web1.*web2.*"healthy"/),
  );
  return { redis, web1, web2, proxy };
};

test('prints a line when something has changed, through the loss of replicas, and ends on Ctrl-C', {
  skip,
}, async (t) => {
  const { web1, web2, proxy } = await startTwo(t);
  const watch = startCounter(t, ['watch'], { COUNTER_URL: proxy.url });
  await watch.line(/^0 hits, .*; web1 healthy 0 \(0\.0%\); web2 healthy 0 \(0\.0%\)$/);
  for (let i = 0; i < 4; i += 1) await (await fetch(proxy.url)).text();
  await watch.line(/^4 hits, .*; web1 healthy 2 \(50\.0%\); web2 healthy 2 \(50\.0%\)$/);

  const feeding = web1.lines.some((line) => line.includes('"viewer"')) ? web1 : web2;
  const [left, gone] = feeding === web1 ? ['web2', 'web1'] : ['web1', 'web2'];
  await feeding.stop('SIGKILL');
  await watch.line(new RegExp(`${gone} unhealthy 2 .*${gone}: The replica at .* refused the connection`));
  await (await fetch(proxy.url)).text();
  await watch.line(new RegExp(`^5 hits, .*${left} healthy 3`));
  assert.equal(await watch.stop('SIGINT'), 0);
});

test('draws in place on a terminal', { skip }, async (t) => {
  const { web, env } = await startCluster(t);
  for (let i = 0; i < 3; i += 1) await (await fetch(web.url)).text();
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  // A frame with all hits, drawn over one before it.
  const watching = (out: string) => /\[\d+A\r.*web1 +unknown +5 /s.test(out) && resolve('SIGINT');
  const ended = cli(['watch'], { env: { ...env, NO_COLOR: '1' }, terminal: true, interrupt: promise, watching });
  await web.line(/"viewer"/);
  await eventually(async () => assert.match(await (await fetch(web.url)).text(), /hit 5 /));
  const { code, out, err } = await ended;
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /5 hits, .* per second; http:.*, fed by web1/);
  assert.match(out, /web1 +unknown +5 +100\.0% +█{24}/);
  assert.ok(out.startsWith('\u001b[?25l') && out.endsWith('\u001b[?25h'), 'the cursor is shown again');
  assert.match(out, /\[\d+A\r/);
});

test('goes on trying while nothing answers', async (t) => {
  const watch = startCounter(t, ['watch'], { COUNTER_URL: 'http://127.0.0.1:1' });
  await watch.line(/^no counts, - per second; The counter at 127\.0\.0\.1:1 refused the connection/);
  assert.equal(await watch.stop('SIGINT'), 0);
});

test('the rate is over the last second, and unknown after a reset', () => {
  const rateAt = createRate();
  const readings: readonly (readonly [number, number | undefined, number | undefined])[] = [
    [0, 10, undefined],
    [500, 15, 10],
    [1000, 20, 10],
    [2000, 120, 100],
    [2100, 0, undefined],
    [2200, 1, 10],
    [2300, undefined, undefined],
  ];
  for (const [at, count, rate] of readings) assert.equal(rateAt(at, count), rate, `at ${at}`);
});
