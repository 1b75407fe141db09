// The live page in a real browser, before a cluster of processes: it shows what happens, when it happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { suiteCleanup } from '@container-counter/testing/suite';
import { noBrowser, type OpenPage, openPage } from './support/browser.ts';
import { type LocalCluster, startLocalCluster } from './support/cluster.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WITHIN_2_S = { timeout: 2000, every: 20 };

describe('the live page', { skip: noBrowser() || noRedis() }, () => {
  const t = suiteCleanup();
  let cluster: LocalCluster;
  let open: OpenPage;
  before(async () => {
    cluster = await startLocalCluster(t);
    open = await openPage(t, cluster.url);
  });

  const textOf = async (selector: string) => (await open.page.locator(selector).first().textContent()) ?? '';
  const shows = (selector: string, expected: RegExp, wait = {}) =>
    eventually(async () => assert.match(await textOf(selector), expected), wait);
  const stateOf = async (name: string) => open.page.locator(`svg [data-replica="${name}"]`).getAttribute('class');
  const isShown = (name: string, state: RegExp, wait = {}) =>
    eventually(async () => assert.match((await stateOf(name)) ?? '', state), wait);
  const requests = async () => Number((await textOf('#requests')).replaceAll(',', ''));
  const counts = async () =>
    (await (await fetch(`${cluster.url}/counts`)).json()) as { requests: number; replicas: Record<string, number> };
  const counted = async () => (await counts()).requests;

  test('counts its own view, and says so', async () => {
    await shows('#notes', /Opening this page was hit 1 served by web\d \(127\.0\.0\.1\): it counts one hit/);
    await shows('#events', /This page was opened: hit 1 served by web\d/);
    await shows('#hits', /No hits since this page was opened\..*curl http:\/\/127\.0\.0\.1:\d+\/Copy/);
    await shows('#requests', /^1$/);
    await shows('#wiring', /No containers: the replicas are local processes, and Redis is at 127\.0\.0\.1:\d+\./);
  });

  test('moves with hits from outside', async () => {
    await cluster.hit(8);
    await shows('#requests', /^9$/);
    const { replicas } = await counts();
    for (const name of ['web1', 'web2', 'web3']) {
      // The hits, how many each second, and the share of the last 10 s.
      await shows(`#replicas [data-replica="${name}"]`, new RegExp(` healthy${replicas[name]}[\\d.]+\\d\\d\\.\\d%$`));
      await shows(`svg [data-replica="${name}"]`, new RegExp(`${replicas[name]}$`));
    }
    await shows('#hits tr', /^9web\d1127\.0\.0\.1[0-9a-f-]{36}$/);
    await shows('#rate', /\d/);
    await shows('#latency', /\d ms/);
    await shows('#expected', /^The mark is an even share: 1 of 3 healthy replicas, 33\.3%\.$/);
  });

  test('runs a pulse for a hit, but none while it is paused', async () => {
    const pulses = open.page.locator('.pulse');
    const pulsed = async () => {
      await cluster.hit(1);
      assert.ok((await pulses.count()) > 0);
    };
    await eventually(pulsed);
    await open.page.getByRole('button', { name: 'Pause' }).click();
    const resume = open.page.getByRole('button', { name: 'Resume' });
    const before = await counted();
    await cluster.hit(5);
    await eventually(async () => assert.equal(await requests(), before + 5));
    assert.equal(await pulses.count(), 0);
    await resume.click();
    await eventually(pulsed);
  });

  test('sends one hit, and a hundred, by keyboard', async () => {
    const start = await counted();
    await open.page.getByRole('button', { name: 'One hit' }).focus();
    await open.page.keyboard.press('Enter');
    const said = new RegExp(`^Hit ${start + 1}, served by web\\d, first attempt, [\\d.]+ ms\\.$`);
    await shows('#announcer', said);
    await shows('#last-hit', said);
    await open.page.keyboard.press('Tab');
    await open.page.keyboard.press('Space');
    await shows('#last-hit', /^\d+ of 100 hits …$|were counted/);
    await shows('#announcer', /100 hits were counted: web1 3\d, web2 3\d, web3 3\d\./);
    await shows('#last-hit', /100 hits were counted: web1/);
    await eventually(async () => assert.equal(await requests(), start + 101));
    assert.equal(await counted(), start + 101);
  });

  test('greys out a replica within two seconds of its death, says why, and shows its recovery', async () => {
    await cluster.replicas['web2']?.stop('SIGKILL');
    await isShown('web2', /\bunhealthy\b/, WITHIN_2_S);
    await shows('#replicas', /web2.*The replica at .* refused the connection/);
    await shows('#announcer', /web2 is unhealthy\. The replica at /);
    // It may have been killed in the middle of a health check.
    const why = 'refused the connection: .* Check that the server runs|closed the connection .* restarting';
    await shows(
      '#events .bad',
      new RegExp(`^\\d\\d:\\d\\d:\\d\\dweb2 is unhealthy\\. The replica at \\S+ (?:${why})\\.$`),
    );
    await open.page.locator('#plot .mark.bad').first().waitFor({ state: 'attached' });
    await shows('#healthy', /^2 of 4$/);
    await shows('#expected', /1 of 2 healthy replicas, 50\.0%/);
    await cluster.hit(3);
    await cluster.start('web2');
    await isShown('web2', /\bhealthy\b/);
  });

  test('shows a new replica', async () => {
    await cluster.start('web4');
    await isShown('web4', /\bhealthy\b/);
    await shows('#healthy', /^4 of 4$/);
    await cluster.hit(4);
    await shows('#replicas [data-replica="web4"]', / healthy[1-9]/);
  });

  test('says what Redis says while it is down, and is right again when it has recovered', async () => {
    await cluster.redis.program.stop('SIGKILL');
    await shows('#faults', /Redis at 127\.0\.0\.1:\d+ refused the connection/, { timeout: 4000 });
    for (const name of ['web1', 'web2', 'web3', 'web4']) await isShown(name, /\bwaiting\b/);
    await open.page.getByRole('button', { name: 'One hit', exact: true }).click();
    await shows('#last-hit', /No replica is available\. web1, web2, web3, web4: Redis at/);
    assert.equal(await open.page.locator('#faults li').count(), 1); // one cause, one banner
    await startRedis(t, { port: cluster.redis.port });
    await shows('#healthy', /^4 of 4$/);
    await shows('#faults', /^$/);
    // The browser itself logs each response of 502 or 503.
    const told = open.complaints.splice(0).filter((text) => !/50[23]/.test(text));
    assert.deepEqual(told, []);
    await cluster.hit(4);
    await shows('#requests', /^4$/);
  });

  test('continues with another replica when the one that feeds it dies, and is right at once', async () => {
    const feeding = /The live feed comes from (web\d)\./.exec(await textOf('#feed'))?.[1] ?? '';
    const before = await counted();
    await cluster.replicas[feeding]?.stop('SIGKILL');
    await cluster.hit(6);
    await eventually(async () => {
      assert.match(await textOf('#feed'), /The live feed comes from web\d\./);
      assert.ok(!(await textOf('#feed')).includes(feeding));
      assert.equal(await requests(), before + 6);
    }, WITHIN_2_S);
    await cluster.start(feeding);
    await isShown(feeding, /\bhealthy\b/);
  });

  test('shows the details of a replica that is chosen by keyboard, with commands to copy', async () => {
    await open.page.locator('svg [data-replica="web3"]').focus();
    await open.page.keyboard.press('Enter');
    const details = open.page.locator('#details[open]');
    await details.getByRole('heading', { name: 'web3' }).waitFor();
    await shows(
      '#facts',
      /^statehealthy, since \d\d:\d\d:\d\daddress for the proxy127\.0\.0\.1:\d+hits\d+responses\d+/,
    );
    await shows('#facts', /X-Served-By: web3\nX-Upstream: 127\.0\.0\.1:\d+\nX-Attempts: 1\nX-Request-Id: \S+$/);
    await details.getByRole('button', { name: 'Copy' }).first().click();
    await details.getByRole('button', { name: 'Copied' }).waitFor();
    await shows('#commands', /curl -H 'X-Request-Id: my-hit' http:.*counter status/);
    await open.page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
  });

  test('presents with the key p: the numbers, the picture and what happened last, larger', async () => {
    const height = async () => (await open.page.locator('svg [data-replica="web1"] rect').boundingBox())?.height ?? 0;
    const before = await height();
    await open.page.keyboard.press('p');
    await eventually(async () => assert.ok((await height()) > before));
    for (const hidden of ['#shares', '#chart', '#last'])
      assert.equal(await open.page.locator(hidden).isVisible(), false);
    assert.match(await textOf('#last-event'), /^\d\d:\d\d:\d\d \w/);
    assert.equal(await open.page.evaluate('document.documentElement.scrollHeight <= innerHeight'), true);
    await open.page.keyboard.press('Escape');
    await eventually(async () => assert.equal(await height(), before));
  });

  test('plays a hit in slow motion, with captions, and holds still on demand', async () => {
    const button = (name: string) => open.page.getByRole('button', { name, exact: true });
    await button('Slow motion').click();
    await shows('#captions', /^Your browser sends GET \/ to the proxy, the only one it knows: 127\.0\.0\.1:\d+\.$/);
    await button('Pause').click();
    const place = () => open.page.locator('.pulse.slow').getAttribute('transform');
    const still = await place();
    await cluster.hit(1);
    assert.equal(await place(), still);
    await button('Resume').click();
    await shows(
      '#captions',
      /It is the turn of web\d\. .*web\d needs Redis, and was given its address, 127\.0\.0\.1:\d+/,
    );
    await shows('#topology .flow:last-of-type', /^(127\.0\.0\.1:\d+)?$/);
    await shows('#captions', /Redis adds one, in one step .*: \d+ \+ 1 = \d+\./);
  });

  test('speaks three languages', async () => {
    const { page } = open;
    await page.locator('#language').selectOption('id');
    await shows('#hit-one', /^Satu hit$/);
    await shows('#wiring', /^Tanpa kontainer/);
    await page.locator('#language').selectOption('zh-TW');
    await shows('#hit-one', /^點擊一次$/);
    await shows('#opened', /^開啟這個頁面是第 1 次點擊，由 web\d \(127\.0\.0\.1\) 處理/);
    await shows('#healthy', /^4 \/ 4$/);
    assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-TW');
    await page.locator('#language').selectOption('en');
    await shows('#healthy', /^4 of 4$/);
  });

  const faultless = async (width: number) => {
    await open.page.evaluate(AXE);
    const found = (await open.page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    assert.deepEqual(
      found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      [],
    );
    assert.equal(await open.page.evaluate('document.documentElement.scrollWidth'), width);
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 768, 1280, 1920]) {
      test(`has no fault that axe-core finds, ${colorScheme}, ${width} pixels wide, and does not scroll sideways`, async () => {
        await open.page.setViewportSize({ width, height: 900 });
        await open.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await faultless(width);
      });
    }

    test(`nor with the details of a replica, in a presentation, and while a replica is unhealthy, ${colorScheme}`, async () => {
      await open.page.setViewportSize({ width: 1280, height: 900 });
      await open.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open.page.locator('#replicas button').first().click();
      await faultless(1280);
      await open.page.keyboard.press('Escape');
      await open.page.keyboard.press('p');
      await faultless(1280);
      await open.page.keyboard.press('Escape');
      await cluster.replicas['web1']?.stop('SIGKILL');
      await isShown('web1', /\bunhealthy\b/);
      await faultless(1280);
      await cluster.start('web1');
      await isShown('web1', /\bhealthy\b/);
    });
  }

  test('moves nothing for those who want no motion', async () => {
    const before = await counted();
    await cluster.hit(3);
    await eventually(async () => assert.equal(await requests(), before + 3));
    assert.equal(await open.page.locator('.pulse:not(.slow)').count(), 0);
  });

  test('has logged no error, and contacted no other server', () => {
    assert.deepEqual(open.complaints, []);
  });
});

test('moves nothing about while it opens', { skip: noBrowser() || noRedis() }, async (t) => {
  const cluster = await startLocalCluster(t);
  const { page } = await openPage(t, cluster.url);
  await page.locator('#healthy', { hasText: '3 of 4' }).waitFor();
  const shift = await page.evaluate(`new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0)))
      .observe({ type: 'layout-shift', buffered: true });
    setTimeout(resolve, 1000, 0);
  })`);
  assert.ok(Number(shift) <= 0.1, `${shift}`);
});

test('says since when nothing is known, while the proxy does not respond', {
  skip: noBrowser() || noRedis(),
}, async (t) => {
  const cluster = await startLocalCluster(t);
  const { page } = await openPage(t, cluster.url);
  await page.locator('#healthy', { hasText: '3 of 4' }).waitFor();
  await cluster.proxy.stop('SIGKILL');
  await page.locator('#faults', { hasText: /^The proxy at \S+ has not responded since [\d:]{8}\. / }).waitFor();
  await page.locator('#now', { hasText: /unknown since [\d:]{8}–/ }).waitFor();
  assert.equal(await page.locator('#faults li').count(), 1);
  assert.match((await page.locator('svg [data-replica="web1"]').getAttribute('class')) ?? '', /\bunknown\b/);
});

test('loads what the browser failed to load, by itself', { skip: noBrowser() || noRedis() }, async (t) => {
  const cluster = await startLocalCluster(t);
  const { page } = await openPage(t, `${cluster.url}/-/healthz`);
  const failed = new Set<string>();
  await page.route(/\/(chart\.ts|en\.ts|layout\.css)$/, (route) => {
    const name = route.request().url().replace(/.*\//, '');
    if (failed.has(name)) return route.continue();
    failed.add(name);
    return route.abort('internetdisconnected');
  });
  await page.goto(cluster.url);
  await page.locator('#healthy', { hasText: '3 of 4' }).waitFor();
  assert.deepEqual([...failed].sort(), ['chart.ts', 'en.ts', 'layout.css']);
  await eventually(async () =>
    assert.equal(await page.evaluate("getComputedStyle(document.querySelector('main')).display"), 'grid'),
  );
});

test('each reload meets the next replica', { skip: noBrowser() || noRedis() }, async (t) => {
  const cluster = await startLocalCluster(t);
  await cluster.start('web4');
  const { page } = await openPage(t, cluster.url);
  const served = async () => {
    await page.locator('#feed', { hasText: 'The live feed comes from' }).waitFor();
    return /served by web(\d)/.exec((await page.locator('#notes').textContent()) ?? '')?.[1];
  };
  await served();
  const seen = [];
  for (let i = 0; i < 5; i += 1) {
    await page.reload();
    seen.push(Number(await served()));
  }
  const first = seen[0] ?? 0;
  assert.deepEqual(
    seen,
    seen.map((_, i) => ((first - 1 + i) % 4) + 1),
  );
});

test('shows a QR code of its address, but not where that leads to this machine alone', {
  skip: noBrowser() || noRedis(),
}, async (t) => {
  const cluster = await startLocalCluster(t);
  const address = `${cluster.url.replace('127.0.0.1', 'counter.test')}/`;
  const { page, complaints } = await openPage(t, address);
  await page.locator('#qr').click();
  const drawing = page.locator(`#qr-code svg[aria-label="${address}"]`);
  assert.equal(await drawing.getAttribute('viewBox'), '0 0 33 33'); // version 2: 25 modules and two borders of 4
  assert.match((await drawing.locator('path').getAttribute('d')) ?? '', /^(?:M4 4h1v1h-1z)(?:M\d+ \d+h1v1h-1z){200,}$/);
  assert.equal(await page.locator('#qr-address').textContent(), address);
  await page.locator('#qr-close').click();
  assert.equal(await page.locator('#qr-code').isVisible(), false);
  assert.deepEqual(complaints, []);
  await page.goto(cluster.url);
  await page.locator('#healthy', { hasText: '3 of 4' }).waitFor();
  assert.equal(await page.locator('#qr').isVisible(), false);
});
