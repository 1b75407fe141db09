// The live page at a thousand hits a second: how often it touches the document does not grow with the hits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEYS } from '@container-counter/network/counter-keys';
import { noRedis } from '@container-counter/testing/redis';
import { Redis } from 'ioredis';
import { noBrowser, openPage } from './support/browser.ts';
import { startLocalCluster } from './support/cluster.ts';

const SECONDS = 3;
const BATCH = 50; // every 50 ms: a thousand a second at most, less where the machine is busy

test('a thousand hits a second are a few changes of the page, no pulse, and no shift', {
  skip: noBrowser() || noRedis(),
}, async (t) => {
  const cluster = await startLocalCluster(t);
  const redis = new Redis(cluster.redis.url);
  redis.on('error', () => {}); // its server ends before it
  t.after(() => redis.disconnect());
  // What the script of a replica writes for this many hits; a real load would take the processors from the browser.
  const hits = async (first: number): Promise<void> => {
    const batch = redis.multi().incrby(KEYS.requests, BATCH);
    for (const name of ['web1', 'web2']) batch.zincrby(KEYS.counters, BATCH / 2, name);
    const line = (_: unknown, i: number) => `${first + i} web${1 + (i % 2)} 127.0.0.1 request-${first + i} 1`;
    await batch.publish(KEYS.channel, Array.from({ length: BATCH }, line).join('\n')).exec();
  };
  const { page } = await openPage(t, cluster.url);
  await page.locator('#healthy', { hasText: '3 of 4' }).waitFor();
  let over = false;
  const send = async (): Promise<void> => {
    for (let number = 2; !over; number += BATCH) {
      await hits(number);
      await sleep(50);
    }
  };
  const look = async () => {
    await page.locator('svg.busy').waitFor();
    await page.evaluate(COUNT);
    await sleep(SECONDS * 1000);
    const seen = await page.evaluate<Seen>('seen()');
    return { ...seen, pulses: await page.locator('.pulse').count() };
  };
  // To the end, for without hits the page draws again.
  const looking = look().finally(() => {
    over = true;
  });
  const [{ seconds, changes, frames, shift, pulses }] = await Promise.all([looking, send()]);
  assert.equal(pulses, 0);
  assert.ok(frames < 5, `${frames} frames of an animation`);
  assert.ok(changes / seconds < 100, `${changes} changes in ${seconds} s`);
  assert.ok(changes > 10, `${changes} changes: nothing was shown`);
  assert.ok(shift <= 0.1, `shift: ${shift}`);
});

type Seen = { readonly seconds: number; readonly changes: number; readonly frames: number; readonly shift: number };

const COUNT = `(() => {
  let [changes, frames, shift] = [0, 0, 0];
  new MutationObserver((list) => { changes += list.length; })
    .observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shift += value; })
    .observe({ type: 'layout-shift' });
  const request = requestAnimationFrame;
  window.requestAnimationFrame = (step) => { frames += 1; return request(step); };
  const start = performance.now();
  window.seen = () => ({ seconds: (performance.now() - start) / 1000, changes, frames, shift });
})()`;
