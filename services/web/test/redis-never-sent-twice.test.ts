// A command whose reply did not come is not silently sent again.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { listening } from '@container-counter/testing/listening';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

test('replies that are lost on the way', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  // A wire between the replica and Redis: while it is cut, commands pass, and replies are lost.
  let cut = false;
  const wire = createServer((near) => {
    const far = connect(redis.port, '127.0.0.1');
    near.on('data', (question) => far.write(question)).on('close', () => far.destroy());
    let lost = false; // what a connection has lost does not come later
    far
      .on('error', () => {})
      .on('close', () => near.destroy())
      .on('data', (response) => {
        lost ||= cut;
        if (!lost) near.write(response);
      });
  });
  const port = await listening(t, wire);
  const { url } = await startReplica(t, `redis://127.0.0.1:${port}`, { timeoutMs: 500 });
  const keys = openRedis(t, redis.url);
  await request(url).get('/').expect(200);

  for (const [name, reason, lose] of [
    ['does not come', 'silent', () => {}],
    ['is cut off with its connection', 'closed', () => keys.call('CLIENT', 'KILL', 'TYPE', 'normal')],
  ] as const) {
    await t.test(`a hit whose reply ${name}`, async () => {
      const before = Number(await keys.get('requests'));
      cut = true;
      const response = request(url)
        .get('/')
        .set('Accept', 'application/json')
        .expect(503)
        .then(({ body }) => body);
      await eventually(async () => assert.equal(Number(await keys.get('requests')), before + 1), { every: 5 });
      await lose();
      assert.equal((await response).reason, reason);
      cut = false;
      await eventually(() => request(url).get('/readyz').expect(200));
      await request(url)
        .get('/')
        .expect(200, `hit ${before + 2} served by web1 (127.0.0.1)\n`);
    });
  }
});
