// The live feed: the state first, then every hit, in few messages that each have the exact counts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';
import { openViewer } from './viewer.ts';

const skip = noRedis();

test('a viewer is told the counts first, and then of each hit on any replica', { skip }, async (t) => {
  const redis = await startRedis(t);
  const web1 = await startReplica(t, redis.url, { name: 'web1' });
  const web2 = await startReplica(t, redis.url, { name: 'web2' });
  await request(web2.url).get('/');
  const viewer = await openViewer(t, web1.url);
  await viewer.until(({ counts }) => counts !== null);
  assert.deepEqual(viewer.messages[0], {
    replica: 'web1',
    redis: { host: '127.0.0.1', port: redis.port, source: 'address' },
    counts: { requests: 1, replicas: { web2: 1 } },
    hits: [],
  });
  const keys = openRedis(t, redis.url);
  await eventually(async () => assert.deepEqual(await keys.pubsub('NUMSUB', 'hits'), ['hits', 1]));

  await request(web2.url).get('/').set('X-Request-Id', 'follow-me').set('X-Attempt', '2');
  await request(web1.url).get('/').set('X-Request-Id', 'me-too').set('X-Attempt', 'many');
  await viewer.until(({ counts }) => counts?.requests === 3);
  await viewer.until(() => viewer.messages.flatMap(({ hits }) => hits).length === 2);
  const client = '127.0.0.1';
  assert.deepEqual(
    viewer.messages.flatMap(({ hits }) => hits),
    [
      { number: 2, replica: 'web2', client, requestId: 'follow-me', attempt: 2 },
      { number: 3, replica: 'web1', client, requestId: 'me-too', attempt: 1 },
    ],
  );
  assert.deepEqual(viewer.messages.at(-1)?.counts, { requests: 3, replicas: { web1: 1, web2: 2 } });
});

test('at most 20 messages a second, at most 20 hits in each, and the counts are exact', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const viewer = await openViewer(t, url);
  const start = performance.now();
  let served = 0;
  const client = async () => {
    while (served < 500 || viewer.messages.length <= 5) {
      await (await fetch(url)).text();
      served += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  await viewer.until(({ counts }) => counts?.requests === served);
  const seconds = (performance.now() - start) / 1000;
  assert.ok(viewer.messages.length <= 2 + 20 * seconds, `${viewer.messages.length} messages in ${seconds} s`);
  for (const { counts, hits } of viewer.messages) {
    assert.deepEqual(counts?.replicas, counts?.requests === 0 ? {} : { web1: counts?.requests });
    assert.ok(hits.length <= 20);
  }
});

test('a replica subscribes to Redis only for a viewer', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);
  const listeners = async (count: number) =>
    eventually(async () => assert.deepEqual(await keys.pubsub('NUMSUB', 'hits'), ['hits', count]));
  await request(url).get('/');
  await listeners(0);
  for (let round = 0; round < 2; round += 1) {
    const first = await openViewer(t, url);
    const second = await openViewer(t, url);
    await listeners(1);
    first.socket.close();
    await request(url).get('/');
    await second.until(({ hits }) => hits.length === 1);
    second.socket.close();
    await listeners(0);
  }
});

test('while Redis does not respond, a viewer is told why; afterwards all is right again', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { url } = await startReplica(t, redis.url);
  await request(url).get('/');
  const viewer = await openViewer(t, url);
  await viewer.until(({ counts }) => counts?.requests === 1);
  await redis.program.stop('SIGKILL');
  await viewer.until(
    ({ counts, redis: { failure } }) => counts === null && /refused the connection/.test(failure ?? ''),
  );
  const again = await startRedis(t, { port: redis.port });
  await viewer.until(({ counts, redis: { failure } }) => counts?.requests === 0 && failure === undefined);
  const keys = openRedis(t, again.url);
  await eventually(async () => assert.deepEqual(await keys.pubsub('NUMSUB', 'hits'), ['hits', 1]));
  await request(url).get('/').expect(200);
  await viewer.until(({ hits }) => hits[0]?.number === 1);
});
