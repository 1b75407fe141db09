// Takes the pictures of the live page, of real clusters under a light load: node test/browser/screenshots.ts
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions } from 'playwright-core';
import { type Cluster, createCluster } from '../e2e/support/cluster.ts';
import { docker } from '../e2e/support/engine.ts';
import { hit } from '../support/load.ts';
import { noBrowser, openPage } from './support/browser.ts';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;
const DESK = { viewport: { width: 1440, height: 940 } };
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 };

/** Opens the page before `cluster`, lets hits come for `seconds`, and takes the picture amid them. */
const take = async (cluster: Cluster, name: string, options: BrowserContextOptions, seconds: number, kill?: string) => {
  const ends: (() => unknown)[] = [];
  const { page } = await openPage({ after: (end) => ends.push(end as () => unknown) }, cluster.url, options);
  let running = true;
  const load = (async () => {
    for (let i = 0; running; i += 1) {
      await hit(cluster.url);
      await sleep(35 + 25 * Math.sin(i / 40));
    }
  })();
  await sleep(seconds * 1000);
  if (kill !== undefined) {
    await docker('kill', await cluster.container(kill));
    await sleep(4000);
  }
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  console.log(`docs/images/${name}.png`);
  running = false;
  await load;
  for (const end of ends) await end();
};

const absent = noBrowser();
if (absent) throw new Error(`There are no pictures, for ${absent}.`);
mkdirSync(FOLDER, { recursive: true });
for (const variant of ['networks', 'links'] as const) {
  const cluster = await createCluster(variant, 'picture', { project: 'counter-picture', prefix: '' });
  try {
    await cluster.up();
    if (variant === 'networks') {
      await take(cluster, 'live-dark', { ...DESK, colorScheme: 'dark' }, 45);
      await take(cluster, 'live-phone', { ...PHONE, colorScheme: 'light' }, 4);
    } else {
      await take(cluster, 'live-links', { ...DESK, colorScheme: 'light' }, 25, 'web2');
    }
  } finally {
    await cluster.down();
  }
}
