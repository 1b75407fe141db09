// Turns for replicas that reload: one at a time, and nobody waits for those who are gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveTurns, takeTurn } from '@container-counter/service/turns';

test('a turn comes when the one before it has ended', async (t) => {
  const { port, close } = await serveTurns(0, '127.0.0.1');
  t.after(close);
  const events: string[] = [];
  const reload = async (name: string) => {
    const endTurn = await takeTurn(`127.0.0.1:${port}`);
    events.push(`${name} begins`);
    await new Promise(setImmediate);
    events.push(`${name} ends`);
    endTurn();
  };
  await Promise.all([reload('first'), reload('second')]);
  assert.match(events.join(', '), /^(\w+) begins, \1 ends, (\w+) begins, \2 ends$/);
});

test('where nobody gives turns, it comes at once', async () => {
  const { port, close } = await serveTurns(0, '127.0.0.1');
  close();
  const endTurn = await takeTurn(`127.0.0.1:${port}`);
  endTurn();
});
