// A node of a Redis Cluster: one script cannot see keys that lie in several slots, and the sentence says so.
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

test('a node of a Redis Cluster', { skip: noRedis() }, async (t) => {
  const { url: redisUrl, port } = await startRedis(t, { cluster: true });
  const { url } = await startReplica(t, redisUrl);
  const sentence = `Redis at 127.0.0.1:${port} is a node of a Redis Cluster, which keeps its keys in many places. Use a single Redis: one script counts a hit in all keys at once.\n`;
  await t.test('that serves no slot yet', async () => {
    await request(url).get('/').expect(503, sentence);
  });

  await openRedis(t, redisUrl).call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await t.test('that serves all slots', () =>
    eventually(async () => {
      await request(url).get('/').expect(503, sentence);
      await request(url).get('/redis/set?key=k&value=v').expect(200); // so it is up, and one key is no matter
    }),
  );
});
