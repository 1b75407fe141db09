// `counter watch` shows the cluster live: line by line in a file, in place on a terminal; it reconnects by itself.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { colorsFor } from '../src/terminal.ts';
import { createRate, picture, type Seen } from '../src/watch/picture.ts';
import { clipped } from '../src/watch/screen.ts';
import { cli } from './cli.ts';
import { startCluster, startCounter } from './cluster.ts';

const skip = noRedis();
const COUNTER = new URL('../src/main.ts', import.meta.url).pathname;
const noScript = () => spawnSync('script', ['--version']).status !== 0 && 'there is no program called script';

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

  const feeds = ({ lines }: Service) => lines.some((line) => line.includes('"viewer"'));
  await eventually(() => assert.ok(feeds(web1) || feeds(web2)));
  const feeding = feeds(web1) ? web1 : web2;
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
  const watching = (out: string) => /\[H.*\[H.*web1 +unknown +5 /s.test(out) && resolve('SIGINT');
  const ended = cli(['watch'], { env: { ...env, NO_COLOR: '1' }, terminal: true, interrupt: promise, watching });
  await web.line(/"viewer"/);
  await eventually(async () => assert.match(await (await fetch(web.url)).text(), /hit 5 /));
  const { code, out, err } = await ended;
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /5 hits, .* per second; http:.*, fed by web1/);
  assert.match(out, /web1 +unknown +5 +100\.0% +█{24}/);
  assert.ok(out.startsWith('\u001b[?1049h\u001b[?25l'), 'on a screen of its own, without a cursor');
  const [, after] = out.split('\u001b[?25h\u001b[?1049l');
  assert.match(after ?? '', /^5 hits, .*; web1 unknown 5 \(100\.0%\)\n$/, 'what it was, on the screen from before');
});

test('prints lines on a terminal that cannot do more', { skip }, async (t) => {
  const { web, env } = await startCluster(t);
  await (await fetch(web.url)).text();
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const watching = (out: string) => /^1 hit, .*; web1/m.test(out) && resolve('SIGINT');
  const given = { env: { ...env, TERM: 'dumb', NO_COLOR: '1' }, terminal: true, interrupt: promise, watching };
  const { code, out } = await cli(['watch'], given);
  assert.equal(code, 0);
  assert.ok(!out.includes('\u001b'), out);
});

const cluster = (replicas: number, unhealthy: readonly number[] = []): Seen => {
  const names = Array.from({ length: replicas }, (_, i) => `container-counter-web-${i + 1}`);
  return {
    ...{ url: 'http://localhost:8080/', connected: true, noCounts: undefined, rate: 12 },
    message: {
      replica: 'container-counter-web-1',
      redis: { host: 'db', port: 6379, source: 'resolver' },
      counts: { requests: replicas * 1000, replicas: Object.fromEntries(names.map((name) => [name, 1000])) },
      hits: [],
    },
    upstreams: names.map((name, i) => ({
      ...{ name, address: `172.18.0.${i + 2}:3000`, since: '', served: 0, servedMs: 0, failed: 0 },
      state: unhealthy.includes(i + 1) ? 'unhealthy' : 'healthy',
      lastError: unhealthy.includes(i + 1)
        ? 'The replica at 172.18.0.3:3000 refused the connection: its host is up.'
        : undefined,
    })),
  };
};

for (const columns of [50, 80, 120]) {
  for (const rows of [10, 24]) {
    for (const [replicas, unhealthy] of [
      [0, []],
      [3, [2]],
      [30, []],
      [30, [29, 30]],
    ] as const) {
      test(`a frame of ${replicas} replicas fits ${columns} columns and ${rows} rows`, () => {
        const lines = picture(cluster(replicas, unhealthy), colorsFor(false), { columns, rows });
        assert.ok(lines.length <= rows, lines.join('\n'));
        for (const line of lines) assert.ok(line.length <= columns, line);
        assert.match(lines.at(-1) ?? '', /Ctrl-C/);
        for (const one of unhealthy) assert.match(lines.join('\n'), new RegExp(`web-${one} .*unhealthy`));
        if (replicas > rows) assert.match(lines.join('\n'), /^… \d+ more, all healthy$/m);
      });
    }
  }
}

test('a line is cut to the width of the terminal, whatever its colours', () => {
  const red = '\u001b[31m';
  assert.equal(clipped(`${red}abc${red}def`, 4), `${red}abc${red}d`);
  assert.equal(clipped('abc', 4), 'abc');
});

// What a real terminal shows at the end is what it showed before, and the last line that was printed.
test('leaves a real terminal as it was', { skip: skip || noScript() }, async (t) => {
  const { web, env } = await startCluster(t);
  await (await fetch(web.url)).text();
  const command = `stty cols 50 rows 10; echo before; ${process.execPath} ${COUNTER} watch; stty size`;
  const terminal = spawn('script', ['--quiet', '--flush', '--command', command, '/dev/null'], {
    env: { ...process.env, ...env, TERM: 'xterm', NO_COLOR: '1', SHELL: '/bin/bash' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => terminal.kill());
  let out = '';
  terminal.stdout.on('data', (piece) => {
    if (!/web1 +unknown/.test(out) && /web1 +unknown/.test(out + piece)) terminal.stdin.write('\u0003');
    out += piece;
  });
  await once(terminal, 'close');
  const [before, frames = '', after] = out.split(/.\[\?1049[hl]/);
  assert.match(before ?? '', /before\r\n$/);
  for (const frame of frames.split('\u001b[H').slice(1)) {
    const lines = stripVTControlCharacters(frame).split('\r\n');
    assert.ok(lines.length <= 10 && lines.every((line) => line.length <= 50), frame);
  }
  assert.match(after ?? '', /^1 hit, .*; web1 unknown 1 \(100\.0%\)\r\n10 50\r\n$/);
});

test('keeps trying while nothing responds', async (t) => {
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
