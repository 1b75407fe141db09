// Lines of a width.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold } from '@container-counter/why/fold';
import { diagnosisText } from '@container-counter/why/why-text';
import { table } from '../src/table.ts';
import { colorsFor } from '../src/terminal.ts';
import { wrap } from '../src/text.ts';

for (const [texts, width, lines] of [
  [['one two three'], 7, ['one two', '  three']],
  [['one two', 'three'], 20, ['one two', 'three']],
  [['a word-that-is-too-long b'], 8, ['a', '  word-that-is-too-long', '  b']],
  [[''], 5, ['']],
  [[], 5, ['']],
] as const) {
  test(`${JSON.stringify(texts)} in ${width}`, () => assert.deepEqual(wrap(texts, width).split('\n'), lines));
}

test('help is folded: a paragraph at its beginning, a description below itself', () => {
  const text = 'one two three\n  -n, --number  how many there are\n  $ counter';
  const folded = 'one two three\n  -n, --number  how many\n                there are\n  $ counter';
  assert.equal(fold(text, 26), folded);
  assert.equal(fold('one two three', 8), 'one two\nthree');
});

test('a step of counter why goes on below its text, and colours take no room', () => {
  assert.equal(fold('4 connection  to port 1: refused', 24), '4 connection  to port 1:\n              refused');
  assert.equal(fold('\u001b[31mone\u001b[39m two three', 8), '\u001b[31mone\u001b[39m two\nthree');
});

test('a command to copy stays on one line', () => {
  const remedies = [{ command: 'docker restart CONTAINER', does: 'starts it again' }];
  const diagnosis = { kind: 'refused', sentence: 'It refused.', remedies } as const;
  assert.equal(diagnosisText(diagnosis, 16), 'It refused.\n  docker restart CONTAINER\n      starts it\n      again');
});

test('the last column of a table continues in the next line', () => {
  const columns = [{ title: 'key' }, { title: 'written by' }];
  const rows = [['requests', 'web: one more for each hit']];
  assert.equal(
    table(columns, rows, colorsFor(false), 30),
    'key       written by\nrequests  web: one more for\n          each hit',
  );
  assert.equal(table(columns, rows, colorsFor(false)), 'key       written by\nrequests  web: one more for each hit');
});
