// What the page computes: which replicas there are, what changed, rates, and which wiring this is.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { UpstreamReport } from '@container-counter/api/messages';
import { layOut } from '../page/layout.ts';
import { commonPrefix } from '../page/names.ts';
import { createRecent } from '../page/recent.ts';
import { createRoster } from '../page/roster.ts';
import { createSamples } from '../page/samples.ts';
import { wiringOf } from '../page/wiring.ts';

const upstream = (name: string, more: Partial<UpstreamReport> = {}): UpstreamReport => ({
  ...{
    address: `${name}:3000`,
    name,
    state: 'healthy',
    since: '2026-01-01T00:00:00Z',
    served: 0,
    servedMs: 0,
    failed: 0,
  },
  ...more,
});
const names = (replicas: readonly { name: string; state: string }[]) =>
  replicas.map(({ name, state }) => `${name} ${state}`);

test('a replica that was removed is shown for half a minute, unless its name returns', () => {
  const rosterOf = createRoster();
  const counts = { requests: 10, replicas: { web1: 4, web2: 5, old: 1 } };
  const both = rosterOf([upstream('web10'), upstream('web2'), upstream('web1', { state: 'unhealthy' })], counts, 0);
  assert.deepEqual(names(both.replicas), ['web1 unhealthy', 'web2 healthy', 'web10 healthy']);
  assert.deepEqual(
    both.replicas.map(({ hits }) => hits),
    [4, 5, 0],
  );
  assert.deepEqual([names(both.former), both.healthy], [['old former'], 2]);
  const gone = rosterOf([upstream('web1')], counts, 29_000);
  assert.deepEqual(names(gone.replicas), ['web1 healthy', 'web2 removed', 'web10 removed']);
  const moved = rosterOf([upstream('web1'), upstream('web2', { address: 'new:3000' })], counts, 29_500);
  assert.deepEqual(names(moved.replicas), ['web1 healthy', 'web2 healthy', 'web10 removed']);
  assert.deepEqual(names(rosterOf([upstream('web1')], counts, 60_000).former), ['old former', 'web2 former']);
});

test('a replica waits for Redis if it says so, and nothing is known of any while the proxy is silent', () => {
  const rosterOf = createRoster();
  const counts = { requests: 0, replicas: {} };
  const reports = [
    upstream('web1', { state: 'unhealthy', lastError: 'Redis at db:6379 refused the connection.' }),
    upstream('web2', { state: 'unhealthy', lastError: 'The replica at web2:3000 refused the connection.' }),
  ];
  assert.deepEqual(names(rosterOf(reports, counts, 0).replicas), ['web1 waiting', 'web2 unhealthy']);
  const silent = rosterOf(undefined, counts, 60_000);
  assert.deepEqual([names(silent.replicas), silent.healthy], [['web1 unknown', 'web2 unknown'], 0]);
});

test('the shares are of the last ten seconds, whatever was counted before', () => {
  const recent = createRecent();
  const counts = (web1: number, web2: number) => ({ requests: web1 + web2, replicas: { web1, web2 } });
  assert.deepEqual([recent.at(0).rate, recent.at(0).of('web1')], [null, { rate: null, share: null }]);
  recent.add(0, counts(1000, 0));
  assert.deepEqual(recent.at(2000).of('web1'), { rate: 0, share: null });
  recent.add(9000, counts(1000, 0));
  recent.add(11_000, counts(1010, 30));
  const now = recent.at(11_000);
  assert.deepEqual([now.rate, now.of('web1').share, now.of('web2')], [20, 0.25, { rate: 15, share: 0.75 }]);
  assert.deepEqual(now.of('__proto__'), { rate: 0, share: 0 });
  assert.equal(recent.at(25_000).of('web2').share, null);
  recent.add(26_000, counts(0, 0)); // a reset
  assert.equal(recent.at(27_000).of('web2').share, null);
});

test('of many names, what all begin with is left out, but never the whole of one', () => {
  const table = [
    [['container-counter-web-1', 'container-counter-web-12'], 'container-counter-'],
    [['web1', 'web12'], ''],
    [['a.b.c', 'a.x.c'], ''],
    [['a.web.1', 'a.web.2'], 'a.'],
    [['only-one'], ''],
    [[], ''],
  ] as const;
  for (const [all, prefix] of table) assert.equal(commonPrefix(all), prefix);
});

test('a name of any kind is counted', () => {
  const { replicas } = createRoster()([upstream('__proto__'), upstream('toString')], { requests: 1, replicas: {} }, 0);
  assert.deepEqual(
    replicas.map(({ hits }) => hits),
    [0, 0],
  );
});

test('rates are of the last second; a total that was reset has none', () => {
  const sample = createSamples();
  const at = (ms: number, requests: number | null, served: number, servedMs: number) =>
    sample(ms, requests, [upstream('web1', { served, servedMs })]).at(-1);
  assert.equal(at(0, 100, 10, 50), undefined);
  assert.equal(at(500, 110, 20, 60), undefined);
  assert.deepEqual(at(1000, 120, 30, 90), { at: 1000, rate: 20, latency: 2 });
  assert.deepEqual(at(2000, 0, 30, 90), { at: 2000, rate: null, latency: null });
  assert.deepEqual(at(3000, null, 40, 100), { at: 3000, rate: null, latency: 1 });
  assert.equal(sample(90_000, 0, []).length, 1);
});

test('the wiring is told by who knows the name of Redis', () => {
  const table = [
    ['db', 'resolver', 'networks'],
    ['redis', 'hosts file', 'links'],
    ['127.0.0.1', 'address', 'local'],
    ['localhost', 'hosts file', 'local'],
  ] as const;
  for (const [host, source, wiring] of table) assert.equal(wiringOf({ host, port: 6379, source }), wiring);
});

for (const width of [320, 360, 700, 1024, 1900]) {
  for (const count of [0, 1, 3, 12, 16, 30]) {
    test(`the picture of ${count} replicas fits ${width} pixels, and nothing lies on anything else`, () => {
      const layout = layOut(width, count);
      const boxes = [layout.client, layout.proxy, layout.redis, ...layout.replicas];
      for (const [i, a] of boxes.entries()) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.w <= width && a.y + a.h <= layout.height);
        for (const b of boxes.slice(i + 1)) {
          assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y);
        }
      }
    });
  }
}

test('12 replicas, and 30, leave room for the rest of the page on a screen of 1440 by 900', () => {
  for (const count of [12, 30]) assert.ok(layOut(1320, count).height < 560, `${count}`);
});
