// The reader of terminal sessions, on which every tested document relies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asLines, patternOf, stepsOf } from '../src/lab/transcript.ts';

test('finds each command with its output, in console blocks alone', () => {
  const markdown = ['text', '```console', '$ one', 'a', 'b', '$ two', '```', '```sh', '$ not this', '```'].join('\n');
  assert.deepEqual(stepsOf(markdown), [
    { line: 3, command: 'one', output: 'a\nb', info: [] },
    { line: 6, command: 'two', output: '', info: [] },
  ]);
});

test('reads what a block says after its kind', () => {
  const markdown = ['```console engine<29 fails', '$ one', '```', '```consoles', '$ not this', '```'].join('\n');
  assert.deepEqual(stepsOf(markdown), [{ line: 2, command: 'one', output: '', info: ['engine<29', 'fails'] }]);
});

test('takes the next line into a command that ends with a backslash', () => {
  const markdown = ['```console', '$ one \\', '    two \\', '    three', 'shown \\', 'more', '```'].join('\n');
  const [step] = stepsOf(markdown);
  assert.equal(step?.command, 'one \\\n    two \\\n    three');
  assert.equal(step?.output, 'shown \\\nmore');
});

test('ends the last line of what was printed', () => {
  assert.deepEqual(['', 'a', 'a\n', 'a\nb', '\n'].map(asLines), ['', 'a\n', 'a\n', 'a\nb\n', '\n']);
});

const TABLE: readonly [shown: string, printed: string, fits: boolean][] = [
  ['hit 1', 'hit 1\n', true],
  ['hit 1', 'hit 12\n', false],
  ['hit 1', 'hit 1\nhit 2\n', false],
  ['a.c', 'abc\n', false],
  ['hit … (172.…)', 'hit 7 served by web1 (172.18.0.2)\n', true],
  ['hit … (172.…)', 'hit 7 served by web1 (10.0.0.1)\n', false],
  ['a\n…\nz', 'a\nb\nc\nz\n', true],
  ['a\n…\nz', 'a\nz\n', true],
  ['a\n…\nz', 'a\nb\n', false],
  ['…', '', true],
  ['', '', true],
  ['', 'a\n', false],
];

for (const [shown, printed, fits] of TABLE) {
  test(`${JSON.stringify(printed)} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(shown)}`, () => {
    assert.equal(patternOf(shown).test(printed), fits);
  });
}
