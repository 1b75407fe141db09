// The live page opened while something is broken: it opens, says why, and recovers by itself.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { noBrowser, openPage } from './support/browser.ts';
import { startLocalCluster } from './support/cluster.ts';

const HTML = { headers: { accept: 'text/html' } };

describe('the live page', { skip: noBrowser() || noRedis() }, () => {
  test('opens while Redis is down, uncounted, and recovers without a reload', async (t) => {
    const cluster = await startLocalCluster(t);
    await cluster.redis.program.stop('SIGKILL');
    // At first a replica may still tell of the connection that it lost.
    const everyReplicaWasRefused = /^No replica is available\. web1, web2, web3: Redis at \S+ refused the connection/;
    await eventually(async () => assert.match(await (await fetch(cluster.url)).text(), everyReplicaWasRefused));
    const { status, headers } = await fetch(cluster.url, HTML);
    assert.deepEqual([status, headers.get('retry-after'), headers.get('cache-control')], [503, '1', 'no-store']);

    const { page } = await openPage(t, cluster.url);
    const opened = page.locator('#opened');
    await opened.filter({ hasText: /Opening this page was not counted: Redis at \S+ refused/ }).waitFor();
    await page.locator('#faults', { hasText: 'Redis at' }).waitFor();
    await page.locator('svg [data-replica="web1"] .count', { hasText: /^–$/ }).waitFor();
    assert.equal(await page.locator('#requests').textContent(), '–'); // nobody knows the number
    await startRedis(t, { port: cluster.redis.port });
    await page.locator('#healthy', { hasText: '3 of 4' }).waitFor();
    await page.locator('#faults:empty').waitFor({ state: 'attached' });
    await cluster.hit(2);
    await page.locator('#requests', { hasText: /^2$/ }).waitFor();
  });

  test('says so while no replica responds, and is there as soon as one does', async (t) => {
    const cluster = await startLocalCluster(t);
    await Promise.all(Object.values(cluster.replicas).map((replica) => replica.stop('SIGKILL')));
    const everyReplicaRefused = /^No replica is available\.( web\d: The replica at \S+ refused .*){3}/s;
    await eventually(async () => assert.match(await (await fetch(cluster.url)).text(), everyReplicaRefused));
    const { page, complaints } = await openPage(t, cluster.url);
    await page.locator('h1', { hasText: 'The proxy responds, but no replica does' }).waitFor();
    await page.locator('p', { hasText: /web1: The replica at \S+ refused the connection/ }).waitFor();
    await cluster.start('web2');
    await page.locator('#requests', { hasText: /^1$/ }).waitFor();

    // The outage ends before the page first asks for the state.
    await cluster.replicas['web2']?.stop('SIGKILL');
    await eventually(async () => assert.equal((await fetch(cluster.url)).status, 503));
    const ended = Promise.withResolvers<void>();
    await page.route('**/-/upstreams', async (route) => {
      await ended.promise;
      await route.continue();
    });
    await page.reload();
    await page.locator('h1', { hasText: 'no replica does' }).waitFor();
    await cluster.start('web2');
    await eventually(async () => assert.equal((await fetch(`${cluster.url}/-/readyz`)).status, 200));
    // It reloads once, for each view is counted, also where the response takes long: Chromium reloads again after 3 s.
    let reloads = 0;
    await page.route(cluster.url, async (route) => {
      reloads += 1;
      await pause(3500);
      await route.continue();
    });
    ended.resolve();
    await page.locator('#requests', { hasText: /^2$/ }).waitFor();
    assert.equal(reloads, 1);
    assert.deepEqual(
      complaints.filter((text) => !/50[23]/.test(text)),
      [],
    );
  });
});
