// `counter counts` shows what was counted, and counts nothing itself.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { listening } from '@container-counter/testing/listening';
import { noRedis } from '@container-counter/testing/redis';
import { cli } from './cli.ts';
import { borrowCluster } from './cluster.ts';

test('before the first hit, and after some', { skip: noRedis() }, async (t) => {
  const { env, web } = await borrowCluster(t);
  assert.deepEqual(await cli(['counts'], { env }), { code: 0, out: 'no hits yet\n', err: '' });

  for (let i = 0; i < 3; i += 1) assert.equal((await fetch(web.url)).status, 200);
  const expected = [
    '3 hits',
    '',
    'replica  hits   share',
    'web1        3  100.0%',
    '',
    'client     hits   share',
    '127.0.0.1     3  100.0%',
    '',
  ];
  for (const _ of ['first', 'second']) {
    assert.deepEqual(await cli(['counts'], { env }), { code: 0, out: expected.join('\n'), err: '' });
  }
});

test('--json prints the response of the counter', { skip: noRedis() }, async (t) => {
  const { env, web } = await borrowCluster(t);
  await (await fetch(web.url)).text();
  const { code, out } = await cli(['counts', '--json'], { env });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { requests: 1, replicas: { web1: 1 }, clients: { '127.0.0.1': 1 } });
});

test('a response that never ends is given up', { timeout: 30_000 }, async (t) => {
  const server = createServer((_req, res) => {
    const drip = setInterval(() => res.write(' '), 100);
    res.once('close', () => clearInterval(drip));
  });
  const port = await listening(t, server);
  const { code, err } = await cli(['counts', '--url', `http://127.0.0.1:${port}`]);
  assert.equal(code, 1);
  assert.match(err, new RegExp(`^The counter at 127\\.0\\.0\\.1:${port} is connected but does not respond in time`));
});

test('nothing listens there', async () => {
  const port = await freePort();
  const { code, out, err } = await cli(['counts', '--url', `http://127.0.0.1:${port}`]);
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, new RegExp(`^The counter at 127\\.0\\.0\\.1:${port} refused the connection`));
});
