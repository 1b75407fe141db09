// What is computed once for each text, and forgotten before it becomes too much.
import assert from 'node:assert/strict';
import test from 'node:test';
import { memo } from '@container-counter/service/memo';

test('a text is computed once, until there are too many', () => {
  const computed: string[] = [];
  const lower = memo((text) => {
    computed.push(text);
    return text === '' ? undefined : text.toLowerCase();
  }, 2);
  assert.deepEqual(['A', 'b', 'A', 'b'].map(lower), ['a', 'b', 'a', 'b']);
  assert.deepEqual(computed, ['A', 'b']);
  lower('c'); // the third
  lower('A');
  assert.deepEqual(computed, ['A', 'b', 'c', 'A']);
  assert.deepEqual([lower(''), lower('')], [undefined, undefined]);
  assert.equal(computed.length, 6);
});
