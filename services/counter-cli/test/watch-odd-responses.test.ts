// `counter watch` shows what is well-formed of what a server says, and nothing that could drive the terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from './cli.ts';
import { startFeed } from './websocket.ts';

const STEERS = '\u001b]0;pwned\u0007\u001b[31mX';
const UPSTREAMS = JSON.stringify({
  upstreams: [
    ...[null, 7, {}, { name: 7 }, { name: 7, address: 'b:1', state: 'healthy' }, { address: 'c:1', state: null }],
    { address: 'd:1', state: 'unhealthy', lastError: 7 },
    { address: 'a:1', state: STEERS },
  ],
});
const redis = { host: 'db', port: 6379, source: 'resolver' };
const MESSAGES = [
  ...[null, {}, { redis: null, counts: null }, { replica: 'web1', redis: null, counts: null }],
  { replica: 'web1', redis: {}, counts: { requests: STEERS, replicas: { [STEERS]: STEERS } } },
  { replica: 'web1', redis: { failure: 7 }, counts: null },
  { replica: 7, redis, counts: null },
  { replica: 'web1', redis, counts: { requests: 3, replicas: { web1: -1, web2: 9, [STEERS]: 1 } } },
].map((message) => JSON.stringify(message));

for (const terminal of [false, true]) {
  test(`what is not well-formed, on ${terminal ? 'a terminal' : 'no terminal'}`, async (t) => {
    const COUNTER_URL = await startFeed(t, UPSTREAMS, MESSAGES);
    const { promise: interrupt, resolve } = Promise.withResolvers<NodeJS.Signals>();
    t.after(() => resolve('SIGINT'));
    const watching = (out: string) => /3 hits.*a:1.*X +0.*web1.*web2/s.test(out) && resolve('SIGINT');
    const { code, out, err } = await cli(['watch'], {
      env: { COUNTER_URL, NO_COLOR: '1' },
      terminal,
      interrupt,
      watching,
    });
    assert.deepEqual([code, err], [0, '']);
    const last = out.slice(out.lastIndexOf('3 hits')).replaceAll('\n', ' '); // a terminal has it folded
    assert.ok(last.includes('; a:1 \\x1b]0;pwned\\x07\\x1b[31mX 0 (0.0%); web1 not running -1 (-33.3%)'), last);
    assert.ok(!out.includes('\u0007') && !out.includes('\u001b[31m') && !/[bcd]:1/.test(out), out);
  });
}
