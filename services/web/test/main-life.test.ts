// The life of a replica's process: it starts with or without Redis, and every way to end it has its exit code.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '@container-counter/network/free-ports';
import { start } from '@container-counter/testing/process';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import request from 'supertest';
import { openViewer } from './viewer.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} when idle`, { skip: noRedis() }, async (t) => {
    const web = await startService(t, 'web', { REDIS_URL: (await startRedis(t)).url, INSTANCE: 'web7', DRAIN_MS: '1' });
    await web.line(/"connected to Redis"/);
    assert.equal(await web.stop(signal), 0);
    const said = web.lines.map((line) => JSON.parse(line));
    assert.deepEqual(said.map(({ message }) => message).sort(), [
      'connected to Redis',
      'draining',
      'listening',
      'stopped',
    ]);
    assert.ok(said.every(({ service, replica, level }) => service === 'web' && replica === 'web7' && level === 'info'));
  });
}

test('SIGTERM while Redis cannot be reached', async (t) => {
  const web = await startService(t, 'web', { REDIS_URL: `redis://127.0.0.1:${await freePort()}`, DRAIN_MS: '1' });
  await request(web.url).get('/healthz').expect(200);
  await request(web.url).get('/').expect(503);
  assert.equal(await web.stop(), 0);
});

test('SIGTERM while somebody watches the live feed', { skip: noRedis() }, async (t) => {
  const web = await startService(t, 'web', { REDIS_URL: (await startRedis(t)).url, DRAIN_MS: '1' });
  const viewer = await openViewer(t, web.url);
  await viewer.until(({ counts }) => counts?.requests === 0);
  viewer.socket.pause(); // it does not even reply to the close frame
  assert.equal(await web.stop(), 0);
  await web.line(/"finished":true,"message":"stopped"/); // nothing was left to be cut
});

test('SIGTERM tells viewers to go elsewhere, at once', { skip: noRedis() }, async (t) => {
  const web = await startService(t, 'web', { REDIS_URL: (await startRedis(t)).url, DRAIN_MS: '8000' });
  const viewers = await Promise.all([1, 2, 3].map(() => openViewer(t, web.url)));
  const closed = viewers.map(({ socket }) => once(socket, 'close'));
  web.child.kill();
  for (const [code, reason] of await Promise.all(closed)) {
    assert.deepEqual([code, String(reason)], [1001, 'This replica is stopping.']);
  }
  await request(web.url).get('/healthz').expect(200); // it serves for some seconds more
});

test('SIGTERM while Redis is paused', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const web = await startService(t, 'web', { REDIS_URL: redis.url, DRAIN_MS: '1' });
  await request(web.url).get('/').expect(200);
  redis.program.child.kill('SIGSTOP');
  await request(web.url).get('/').expect(503);
  assert.equal(await web.stop(), 0);
});

const refused = async (t: test.TestContext, env: Record<string, string>): Promise<readonly [number | null, string]> => {
  const program = start(t, process.execPath, [main], { LOG_LEVEL: 'silent', ...env });
  const [code] = await once(program.child, 'close');
  return [code, program.lines.join('\n')];
};

test('settings that cannot be used', async (t) => {
  assert.deepEqual(await refused(t, { PORT: 'http', REDIS_URL: 'http://:secret@db' }), [
    2,
    'PORT="http" cannot be used: it must be a whole number from 0 to 65535.\n' +
      'REDIS_URL="http://***@db" cannot be used: it must be a URL such as redis://db:6379.',
  ]);
});

test('a port that is taken', { skip: noRedis() }, async (t) => {
  const { port, url } = await startRedis(t);
  assert.deepEqual(await refused(t, { PORT: `${port}`, BIND_ADDRESS: '127.0.0.1', REDIS_URL: url }), [
    2,
    `PORT=${port} is taken by another program; set PORT to a free one.`,
  ]);
});
