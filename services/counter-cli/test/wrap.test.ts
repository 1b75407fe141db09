// Lines of a width.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
