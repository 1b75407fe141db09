// `counter up local` that does not get ready says what it waits for, and still stops when asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { startCounter } from './cluster.ts';
import { localEnvironment } from './local.ts';

test('its Redis is not there', async (t) => {
  const gone = await freePort();
  const env = { ...(await localEnvironment(t)), REDIS_URL: `redis://127.0.0.1:${gone}` };
  const up = startCounter(t, ['up', 'local'], env);
  await up.line(new RegExp(`^Not ready yet: .*Redis at 127\\.0\\.0\\.1:${gone} refused the connection`));
  assert.equal(await up.stop('SIGTERM'), 0);
});
