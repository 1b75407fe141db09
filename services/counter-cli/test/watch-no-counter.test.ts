// `counter watch` says that what responds is not the counter, as `counter counts` does, until a counter is there.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { listening } from '@container-counter/testing/listening';
import { cli } from './cli.ts';
import { startCounter } from './cluster.ts';
import { startFeed } from './websocket.ts';

const PAGE = '<!doctype html><title>shop</title>';

for (const status of [200, 404, 502]) {
  test(`status ${status} for everything`, async (t) => {
    const server = createServer((_req, res) => res.writeHead(status).end(PAGE));
    const COUNTER_URL = `http://127.0.0.1:${await listening(t, server)}`;
    const { err } = await cli(['counts'], { env: { COUNTER_URL } });
    const watch = startCounter(t, ['watch'], { COUNTER_URL });
    assert.equal(await watch.line(/; /), `no counts, - per second; ${err.trim()}`);
    assert.equal(await watch.stop('SIGINT'), 0);
  });
}

test('on a terminal', async (t) => {
  const server = createServer((_req, res) => res.writeHead(404).end(PAGE));
  const COUNTER_URL = `http://127.0.0.1:${await listening(t, server)}`;
  const { promise: interrupt, resolve } = Promise.withResolvers<NodeJS.Signals>();
  t.after(() => resolve('SIGINT'));
  const watching = (out: string) => /is not the counter: .*Ctrl-C ends this/s.test(out) && resolve('SIGINT');
  const { code } = await cli(['watch'], { env: { COUNTER_URL, NO_COLOR: '1' }, terminal: true, interrupt, watching });
  assert.equal(code, 0);
});

test('a feed says more than a page that is in the place of the counts', async (t) => {
  const redis = { host: 'db', port: 6379, source: 'resolver' };
  const message = { replica: 'web1', redis, counts: { requests: 3, replicas: { web1: 3 } } };
  const watch = startCounter(t, ['watch'], { COUNTER_URL: await startFeed(t, PAGE, [JSON.stringify(message)]) });
  assert.match(await watch.line(/^3 hits/), /web1 unknown 3 \(100\.0%\)$/);
  assert.equal(await watch.stop('SIGINT'), 0);
});
