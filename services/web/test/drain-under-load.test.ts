// A replica that is stopped under load loses nothing: it serves what still arrives, and every hit it acknowledged is counted.
import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import request from 'supertest';
import { openRedis } from './replica.ts';

const CLIENTS = 32;

test('SIGTERM under load', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const web = await startService(t, 'web', { INSTANCE: 'web1', REDIS_URL: redis.url, DRAIN_MS: '3000' });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  t.after(() => agent.destroy());

  // As a proxy does, the clients stop asking once the replica says that it is not ready.
  let ready = true;
  t.after(() => {
    ready = false;
  });
  const numbers: number[] = [];
  const failures: string[] = [];
  const hit = (): Promise<void> =>
    new Promise((resolve) => {
      const fail = (reason: string) => resolve(void failures.push(reason));
      get(web.url, { agent }, async (res) => {
        const line = await text(res).catch(String);
        const number = /^hit (\d+) served by web1 /.exec(line)?.[1];
        if (res.statusCode === 200 && number) resolve(void numbers.push(Number(number)));
        else fail(`${res.statusCode} ${line}`);
      }).on('error', (error) => fail(error.message));
    });
  const client = async () => {
    while (ready) await hit();
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await eventually(() => assert.ok(numbers.length > 100), { every: 5 });

  const stopped = web.stop('SIGTERM');
  await web.line(/"draining"/);
  const before = numbers.length;
  await request(web.url).get('/readyz').expect(503, 'This replica is stopping. Try another one.\n');
  await eventually(() => assert.ok(numbers.length > before + CLIENTS), { every: 5 }); // it keeps serving, more than what was in flight
  ready = false;
  await Promise.all(clients);

  assert.equal(await stopped, 0);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    numbers.map((_, i) => i + 1),
  );
  assert.equal(await openRedis(t, redis.url).get('requests'), String(numbers.length));
  await web.line(/"finished":true,"message":"stopped"/);
});
