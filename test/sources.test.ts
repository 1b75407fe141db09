// docs/sources.md: each step of the older lessons is in the step of ours that its row names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseLesson } from '../services/counter-cli/src/lab/lesson.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const ROW =
  /^\| (\d+) \| (.*?[^\\]) \| (`+) ?(.*?) ?\3 \| (run|shown) \| \[(?:lab (\d+)|labs)(?:, step (\d+))?\]\(\.\.\/(.*?)\) \|$/;

/** The text below the heading of a step, up to the next one. */
const textOf = (markdown: string, step: string): string =>
  markdown.split(/^(?=## )/m).find((part) => part.startsWith(`## Step ${step}:`)) ?? '';

/** @throws when the lesson has no such step, or the step no such command or text */
const look = (row: string): number => {
  const [, number, , , escaped = '', kind, lab, step, file = ''] = ROW.exec(row) ?? assert.fail(`not a row: ${row}`);
  const fragment = escaped.replaceAll('\\|', '|');
  const markdown = read(file);
  if (lab !== undefined) assert.equal(Number(/^labs\/(\d+)-/.exec(file)?.[1]), Number(lab), row);
  if (kind === 'shown') {
    const text = step === undefined ? markdown : textOf(markdown, step);
    assert.ok(text.includes(fragment), `${file} does not show ${fragment} in step ${step}`);
  } else {
    const part = parseLesson(file, markdown).parts.find((each) => each.step === Number(step));
    const runs = part?.actions.some(({ kind, command }) => kind === 'command' && command.includes(fragment));
    assert.ok(runs, `${file} does not run ${fragment} in step ${step}`);
  }
  return Number(number);
};

for (const section of read('docs/sources.md').split(/^## /m).slice(1)) {
  const [heading = ''] = section.split('\n');
  test(`the lessons have each step of: ${heading}`, () => {
    const rows = section.match(/^\| \d.*$/gm) ?? [];
    const count = Number(/: (\d+)(?: steps)?$/.exec(heading)?.[1]);
    assert.deepEqual(
      rows.map(look),
      Array.from({ length: count }, (_, i) => i + 1),
    );
  });
}

test('a row whose lesson has no such step, or whose step no such command, is refused', () => {
  assert.throws(() => look('| 1 | x | `docker ps` | run | [lab 1, step 9](../labs/01-links.md) |'), /does not run/);
  assert.throws(() => look('| 1 | x | `docker pull` | run | [lab 3, step 1](../labs/03-cluster.md) |'), /does not run/);
  assert.throws(
    () => look('| 1 | x | `docker eat` | shown | [lab 3, step 1](../labs/03-cluster.md) |'),
    /does not show/,
  );
  assert.throws(() => look('| 1 | x | `docker ps` | run | [lab 2, step 1](../labs/01-links.md) |'));
});
