// The live page in a real browser, before a cluster of processes: it shows what happens, when it happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { noBrowser, type OpenPage, openPage } from './support/browser.ts';
import { type LocalCluster, startLocalCluster } from './support/cluster.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WITHIN_2_S = { timeout: 2000, every: 20 };

describe('the live page', { skip: noBrowser() || noRedis() }, () => {
  const ends: (() => unknown)[] = [];
  const t = { after: (end: unknown) => ends.push(end as () => unknown) };
  let cluster: LocalCluster;
  let open: OpenPage;
  before(async () => {
    cluster = await startLocalCluster(t);
    open = await openPage(t, cluster.url);
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
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
    await shows('#requests', /^1$/);
    await shows('#wiring', /No containers: the replicas are local processes, and Redis is at 127\.0\.0\.1:\d+\./);
  });

  test('moves with hits from outside', async () => {
    await cluster.hit(8);
    await shows('#requests', /^9$/);
    const { replicas } = await counts();
    for (const name of ['web1', 'web2', 'web3']) {
      const share = ((replicas[name] ?? 0) / 9) * 100;
      await shows(`#replicas [data-replica="${name}"]`, new RegExp(` healthy${replicas[name]}${share.toFixed(1)}%$`));
      await shows(`svg [data-replica="${name}"]`, new RegExp(`${replicas[name]}$`));
    }
    await shows('#hits tr', /^9web\d1127\.0\.0\.1[0-9a-f-]{36}$/);
    await shows('#rate', /\d/);
    await shows('#latency', /\d ms/);
  });

  test('runs a pulse for a hit, but none while it is paused', async () => {
    const pulses = open.page.locator('.pulse');
    const pulsed = async () => {
      await cluster.hit(1);
      assert.ok((await pulses.count()) > 0);
    };
    await eventually(pulsed);
    const pause = open.page.getByRole('button', { name: 'Pause animation' });
    await pause.click();
    assert.equal(await pause.getAttribute('aria-pressed'), 'true');
    const before = await counted();
    await cluster.hit(5);
    await eventually(async () => assert.equal(await requests(), before + 5));
    assert.equal(await pulses.count(), 0);
    await pause.click();
    await eventually(pulsed);
  });

  test('sends one hit, and a hundred, by keyboard', async () => {
    const start = await counted();
    await open.page.getByRole('button', { name: 'One hit' }).focus();
    await open.page.keyboard.press('Enter');
    await shows('#announcer', new RegExp(`Hit ${start + 1}, served by web\\d\\.`));
    await open.page.keyboard.press('Tab');
    await open.page.keyboard.press('Space');
    await shows('#announcer', /100 hits were counted\./);
    await eventually(async () => assert.equal(await requests(), start + 101));
    assert.equal(await counted(), start + 101);
  });

  test('dims a replica within two seconds of its death, says why, and takes it back', async () => {
    await cluster.replicas['web2']?.stop('SIGKILL');
    await isShown('web2', /\bunhealthy\b/, WITHIN_2_S);
    await shows('#replicas', /web2.*The replica at .* refused the connection/);
    await shows('#announcer', /web2 is unhealthy\. The replica at /);
    await shows('#healthy', /^2 of 4$/);
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

  test('says what Redis says while it is down, and is right again when it is back', async () => {
    await cluster.redis.program.stop('SIGKILL');
    await shows('#faults', /Redis at 127\.0\.0\.1:\d+ refused the connection/, { timeout: 4000 });
    await open.page.getByRole('button', { name: 'One hit' }).click();
    await shows('#faults', /No replica is available\./);
    await startRedis(t, { port: cluster.redis.port });
    await shows('#healthy', /^4 of 4$/);
    await shows('#faults', /^$/);
    // The browser itself logs each response of 502 or 503.
    const told = open.complaints.splice(0).filter((text) => !/50[23]/.test(text));
    assert.deepEqual(told, []);
    await cluster.hit(4);
    await shows('#requests', /^4$/);
  });

  test('goes on with another replica when the one that feeds it dies, and is right at once', async () => {
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

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      test(`has no fault that axe-core finds, ${colorScheme}, ${width} pixels wide, and does not scroll sideways`, async () => {
        await open.page.setViewportSize({ width, height: 900 });
        await open.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await open.page.evaluate(AXE);
        const found = (await open.page.evaluate('axe.run()')) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        assert.deepEqual(
          found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          [],
        );
        assert.equal(await open.page.evaluate('document.documentElement.scrollWidth'), width);
      });
    }
  }

  test('moves nothing for those who want no motion', async () => {
    const before = await counted();
    await cluster.hit(3);
    await eventually(async () => assert.equal(await requests(), before + 3));
    assert.equal(await open.page.locator('.pulse').count(), 0);
  });

  test('has complained of nothing, and asked nobody else', () => {
    assert.deepEqual(open.complaints, []);
  });
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
