// A Redis that loads its data is there and not of use yet: the replica says so, and recovers by itself.
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

// Redis's own tests slow the loading down like this: microseconds for each key, and a look at the clients now and then.
const SLOW = [
  '--enable-debug-command',
  'yes',
  '--key-load-delay',
  '5000',
  '--loading-process-events-interval-bytes',
  '1024',
];

test('a Redis that loads its data', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t, { args: SLOW });
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);
  const sentence = `Redis at 127.0.0.1:${redis.port} is still loading its data. Wait until it is done.\n`;
  await request(url).get('/').expect(200);
  await keys.eval("for i = 1, 300 do redis.call('SET', 'record:' .. i, ('x'):rep(100)) end", 0);

  const loaded = keys.call('DEBUG', 'RELOAD'); // takes 300 times 5 ms
  await t.test('a replica that was connected before', () =>
    eventually(() => request(url).get('/').expect(503, sentence), { every: 1 }),
  );
  await t.test('a replica that starts meanwhile', async () => {
    const late = await startReplica(t, redis.url, { name: 'late' });
    for (const path of ['/', '/counts', '/readyz']) await request(late.url).get(path).expect(503, sentence);
    await request(late.url).get('/healthz').expect(200);
    await loaded;
    await request(late.url).get('/readyz').expect(200);
  });
  await request(url).get('/').expect(200, 'hit 2 served by web1 (127.0.0.1)\n');
});
