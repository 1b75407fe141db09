// Takes the pictures of the live page, of real clusters under a light load: node test/browser/screenshots.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withCleanup } from '@container-counter/testing/cleanup';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type Cluster, createCluster } from '../e2e/support/cluster.ts';
import { docker } from '../e2e/support/engine.ts';
import { hit } from '../support/load.ts';
import { noBrowser, openPage } from './support/browser.ts';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;
const DESK = { viewport: { width: 1440, height: 940 } };
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 };

type Scene = {
  readonly options: BrowserContextOptions;
  /** How long hits come before the picture is taken amid them. */
  readonly seconds: number;
  /** The service of which a replica is killed before. */
  readonly kill?: string;
};

/** Opens the page before `cluster`, and takes the picture. */
const take = (cluster: Cluster, name: string, { options, seconds, kill }: Scene) =>
  withCleanup(async (t) => {
    const { page } = await openPage(t, cluster.url, options);
    let running = true;
    const load = (async () => {
      for (let i = 0; running; i += 1) {
        await hit(cluster.url);
        await sleep(60 + 30 * Math.sin(i / 40));
      }
    })();
    await sleep(seconds * 1000);
    await page.locator('#hit-one').click();
    await page.locator('#last-hit', { hasText: /^Hit / }).waitFor();
    if (kill !== undefined) {
      await docker('kill', await cluster.container(kill));
      await sleep(4000);
    }
    await save(page, name);
    running = false;
    await load;
  });

/** One hit in slow motion for a room, as its name is resolved. */
const takeSlowMotion = (cluster: Cluster, name: string) =>
  withCleanup(async (t) => {
    const options: BrowserContextOptions = { viewport: { width: 1366, height: 768 }, colorScheme: 'light' };
    const { page } = await openPage(t, `${cluster.url}/#present`, options);
    await page.locator('#healthy', { hasText: '3 of 3' }).waitFor();
    await page.locator('#slow').click();
    await page.locator('#captions li:nth-child(3)').waitFor();
    await sleep(1000);
    await save(page, name);
  });

const save = async (page: Page, name: string) => {
  const client = await page.context().newCDPSession(page);
  const size = page.viewportSize() ?? DESK.viewport;
  const clip = { x: 0, y: 0, ...size, scale: await page.evaluate<number>('devicePixelRatio') };
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 85, clip });
  writeFileSync(`${FOLDER}${name}.webp`, Buffer.from(data, 'base64'));
  console.log(`docs/images/${name}.webp`);
};

const absent = noBrowser();
if (absent) throw new Error(`There are no pictures, for ${absent}.`);
mkdirSync(FOLDER, { recursive: true });
for (const variant of ['networks', 'links'] as const) {
  const cluster = await createCluster(variant, 'picture', { project: 'counter-picture', prefix: '' });
  try {
    await cluster.up();
    if (variant === 'networks') {
      await takeSlowMotion(cluster, 'live-slow-motion');
      await take(cluster, 'live-dark', { options: { ...DESK, colorScheme: 'dark' }, seconds: 45 });
      await take(cluster, 'live-phone', { options: { ...PHONE, colorScheme: 'light' }, seconds: 4 });
    } else {
      await take(cluster, 'live-links', { options: { ...DESK, colorScheme: 'light' }, seconds: 25, kill: 'web2' });
    }
  } finally {
    await cluster.down();
  }
}
