// A Redis that restarts, at the same address or another, is found again without a restart of the replica.
import dns from 'node:dns';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const firstHit = (url: string) => () => request(url).get('/').expect(200, 'hit 1 served by web1 (127.0.0.1)\n');

test('killed and restarted', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  await firstHit(url)();
  await redis.program.stop('SIGKILL');
  await request(url).get('/').expect(503);
  await eventually(() =>
    request(url)
      .get('/')
      .expect(503, /refused the connection/),
  );
  await startRedis(t, { port: redis.port }); // empty, and without the script
  await eventually(firstHit(url));
});

test('its scripts forgotten', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  await request(url).get('/').expect(200);
  await request(url).get('/').expect(200);
  await openRedis(t, redis.url).script('FLUSH');
  const hits = Array.from({ length: 20 }, () => request(url).get('/').expect(200));
  await Promise.all(hits);
  await request(url).get('/').expect(200, 'hit 23 served by web1 (127.0.0.1)\n');
});

// Only Linux has all of 127.0.0.0/8 on its loopback.
const skip = process.platform === 'linux' ? noRedis() : 'there is no second loopback address';

test('its name moved to another address', { skip }, async (t) => {
  const old = await startRedis(t);
  let address = '127.0.0.1';
  t.mock.method(dns, 'lookup', (_host: string, _options: object, callback: (...found: unknown[]) => void) =>
    callback(null, [{ address, family: 4 }]),
  );
  const { url } = await startReplica(t, `redis://db:${old.port}`);
  await firstHit(url)();
  await startRedis(t, { port: old.port, args: ['--bind', '127.0.0.2'] });
  address = '127.0.0.2';
  await request(url).get('/').expect(200, 'hit 2 served by web1 (127.0.0.1)\n');
  await old.program.stop('SIGKILL');
  await eventually(firstHit(url));
});
