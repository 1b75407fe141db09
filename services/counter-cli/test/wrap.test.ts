// Lines of a width.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from '../src/table.ts';
import { colorsFor } from '../src/terminal.ts';
import { fold, wrap } from '../src/text.ts';

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

test('the last column of a table continues in the next line', () => {
  const columns = [{ title: 'key' }, { title: 'written by' }];
  const rows = [['requests', 'web: one more for each hit']];
  assert.equal(
    table(columns, rows, colorsFor(false), 30),
    'key       written by\nrequests  web: one more for\n          each hit',
  );
  assert.equal(table(columns, rows, colorsFor(false)), 'key       written by\nrequests  web: one more for each hit');
});
