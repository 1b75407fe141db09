// The live page in a real browser, before containers in both wirings: it tells the wirings apart, and shows what stops and starts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { suiteCleanup } from '@container-counter/testing/suite';
import { noBrowser, type OpenPage, openPage } from '../browser/support/browser.ts';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const SAYS = {
  networks: {
    wiring: "User-defined networks: Docker's DNS resolves the name “db”.",
    zones: ['frontend-network', 'backend-network, internal', 'on both networks'],
    second: ['web', 2, 'test-page-networks-web-2'],
  },
  links: {
    wiring: 'Legacy links: the name “redis” is a line in /etc/hosts of each replica, written by the link.',
    zones: ['default bridge: each arrow is a link'],
    second: ['web2', 1, 'web2'],
  },
} as const;

const COUNTER = new URL('../../services/counter-cli/src/main.ts', import.meta.url).pathname;

// Runs in the page: the pairs of texts in the picture that share a place, and the picture's width where it is not the room's.
const COLLISIONS = `(() => {
  const svg = document.querySelector('#topology svg');
  const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const pairs = texts.flatMap(([a, box], i) => texts.slice(i + 1).filter(([, other]) => meet(box, other)).map(([b]) => a + ' / ' + b));
  const { width, height } = svg.viewBox.baseVal;
  const scales = [svg.parentElement.clientWidth / width, svg.getBoundingClientRect().height / height];
  const wide = Math.abs(scales[0] - scales[1]) < 0.01 ? [] : ['not yet drawn for this width'];
  return [...pairs, ...wide];
})()`;

for (const variant of ['networks', 'links'] as const) {
  describe(`the live page of the cluster on ${variant}`, { skip: noEngine() || noBrowser() }, () => {
    const t = suiteCleanup();
    const [service, index, name] = SAYS[variant].second;
    let cluster: Cluster;
    let open: OpenPage;
    before(async () => {
      cluster = await createCluster(variant, 'page');
      t.after(() => cluster.down());
      await cluster.up();
      open = await openPage(t, cluster.url);
    });

    const textOf = async (selector: string) => (await open.page.locator(selector).first().textContent()) ?? '';
    const shows = (selector: string, expected: RegExp, wait = {}) =>
      eventually(async () => assert.match(await textOf(selector), expected), wait);
    const nodeIs = (replica: string, state: RegExp, wait = {}) =>
      eventually(async () => {
        const found = await open.page
          .locator(`svg [data-replica="${replica}"]`)
          .getAttribute('class', { timeout: 1000 });
        assert.match(found ?? '', state);
      }, wait);

    test('says which wiring this is, in a sentence and by its zones', async () => {
      await eventually(async () => assert.equal(await textOf('#wiring'), SAYS[variant].wiring));
      assert.deepEqual(await open.page.locator('.zone-name').allTextContents(), SAYS[variant].zones);
      await shows('#healthy', /^3 of 3$/);
    });

    test('lays no text on any other, whatever the names and the width', async () => {
      for (const width of [360, 760, 1440]) {
        await open.page.setViewportSize({ width, height: 900 });
        await eventually(async () =>
          assert.deepEqual(await open.page.evaluate(COLLISIONS), [], `${width} pixels wide`),
        );
      }
    });

    test('moves with hits from outside', async () => {
      for (let i = 0; i < 5; i += 1) assert.equal((await hit(cluster.url)).status, 200);
      await shows('#requests', /^6$/);
      await shows('#hits tr', /^6.*web/);
    });

    test('greys out a killed replica, and shows its recovery', async () => {
      const container = await cluster.container(service, index);
      await docker('kill', container);
      await nodeIs(name, /\b(unhealthy|removed)\b/);
      await shows('#replicas', /(stopped or removed|no longer running|refused|did not respond|cannot be reached)/);
      await docker('start', container);
      await nodeIs(name, /\bhealthy\b/);
      await shows('#healthy', /^3 of 3$/);
    });

    if (variant === 'networks') {
      test('shows commands about a replica that work as they are', async () => {
        await open.page.locator(`svg [data-replica="${name}"]`).click();
        const commands = await open.page.locator('#commands code').allTextContents();
        await open.page.getByRole('button', { name: 'Close' }).click();
        const run = (verb: string) => commands.find((text) => text.startsWith(`docker ${verb} ${name}`));
        assert.match(await docker(...(run('logs')?.split(' ').slice(1, 3) ?? [])), /"requestId"/);
        for (const verb of ['kill', 'start']) assert.equal(run(verb), `docker ${verb} ${name}`);
        for (const command of [`counter why db --from ${name}`, `counter inspect --from ${name}`]) {
          assert.ok(commands.includes(command), command);
          const { status, stderr } = spawnSync(process.execPath, [COUNTER, ...command.split(' ').slice(1)]);
          assert.equal(status, 0, `${command}: ${stderr}`);
        }
      });

      test('shows a new replica when there are more', async () => {
        await cluster.scale(4);
        await nodeIs('test-page-networks-web-4', /\bhealthy\b/);
        await shows('#healthy', /^4 of 4$/);
      });
    }

    test('says why while Redis is stopped', async () => {
      const container = await cluster.container(variant === 'links' ? 'redis-server' : 'redis');
      await docker('stop', container);
      await shows('#faults', /^Redis.*(db|redis).* Check that /, { timeout: 10_000 });
      await docker('start', container);
      await shows('#faults', /^$/);
      await shows('#requests', /^6$/);
    });

    test('has logged no error, and contacted no other server', () => {
      // The browser itself logs each response of 502 or 503.
      assert.deepEqual(
        open.complaints.filter((text) => !/50[23]/.test(text)),
        [],
      );
    });
  });
}
