// The lock for replicas that reload: one holds it at a time, and without its server none waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquireLock, serveLock } from '@container-counter/service/reload-lock';

test('it is acquired when the one before has released it', async (t) => {
  const { port, close } = await serveLock(0, '127.0.0.1');
  t.after(close);
  const events: string[] = [];
  const reload = async (name: string) => {
    const release = await acquireLock(`127.0.0.1:${port}`);
    events.push(`${name} begins`);
    await new Promise(setImmediate);
    events.push(`${name} ends`);
    release();
  };
  await Promise.all([reload('first'), reload('second')]);
  assert.match(events.join(', '), /^(\w+) begins, \1 ends, (\w+) begins, \2 ends$/);
});

test('where nothing listens, it is acquired at once', async () => {
  const { port, close } = await serveLock(0, '127.0.0.1');
  close();
  const release = await acquireLock(`127.0.0.1:${port}`);
  release();
});
