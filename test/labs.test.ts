// The lessons as documents: their parts, the tables about them, and translations that change nothing but the prose.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFor, parseLesson } from '../services/counter-cli/src/lab/lesson.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const lessons = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => /^\d.*\.md$/.test(name));

const LESSONS = lessons('labs').toSorted();
const TRANSLATIONS = ['labs/id', 'labs/zh-TW'];

const questionsIn = (markdown: string): number => markdown.match(/^<details><summary>/gm)?.length ?? 0;

for (const name of LESSONS) {
  const markdown = read(`labs/${name}`);
  const { parts } = parseLesson(name, markdown);
  const steps = parts.flatMap(({ step }) => step ?? []);

  test(`${name} has a goal, steps in order, checks and questions`, () => {
    assert.match(markdown, /^\*\*Goal\.\*\* /m);
    assert.deepEqual(
      steps,
      steps.map((_, i) => i + 1),
    );
    assert.ok(parts.some(({ step, actions }) => step !== undefined && actions.some(({ kind }) => kind === 'check')));
    assert.ok(questionsIn(markdown) > 0);
    assert.equal(markdown.match(/^<\/details>$/gm)?.length, questionsIn(markdown));
  });

  // It changes what it looks at, and on a busy machine takes longer than a check may.
  test(`no check of ${name} starts a container`, () => {
    for (const { actions } of parts)
      for (const { kind, command } of actions) if (kind === 'check') assert.doesNotMatch(command, /docker run/);
  });

  // One ID of a container in twenty contains "db", and the hosts file has the ID.
  test(`no command of ${name} looks in any text for what an ID may contain`, () => {
    for (const { actions } of parts)
      for (const { command } of actions) assert.doesNotMatch(command, /grep '?[0-9a-f]+'? \//);
  });

  // It is to remove them, but keeps links on networks that somebody has created.
  test(`${name} does not link on the default bridge of Engine 30`, () => {
    for (const { actions } of parts)
      for (const action of actions)
        if (isFor(action, '30.0.0') && / --link[= ]/.test(action.command))
          assert.match(action.command, / --network[= ]/);
  });

  // Engine 29.6 warns of each such link, before what the command prints.
  test(`${name} allows for a warning of a link on the default bridge`, () => {
    for (const { actions } of parts)
      for (const action of actions) {
        if (action.kind !== 'command' || !isFor(action, '29.6.0') || action.fails) continue;
        const links = / --link[= ]/.test(action.command) && !/ --network[= ]/.test(action.command);
        if (links) assert.match(action.output, /^…(\n|$)/, action.command);
      }
  });

  test(`${name} is in the index of the labs`, () => {
    assert.match(read('labs/README.md'), new RegExp(`^\\| \\[${Number(name.slice(0, 2))}\\]\\(${name}\\) \\|`, 'm'));
  });
}

test('lab 9 shows the configuration of nginx as it is', () => {
  assert.equal(/^```nginx\n([\s\S]*?)^```$/m.exec(read('labs/09-cluster-by-links.md'))?.[1], read('labs/nginx.conf'));
});

/** What a lesson takes at 45 seconds a command and a minute a question; commands of another engine are not typed. */
const minutesOf = (commands: number, questions: number): number => Math.round((0.75 * commands + questions) / 5) * 5;

test('the table of timings is what the lessons come to', () => {
  const rows = LESSONS.map((name) => {
    const markdown = read(`labs/${name}`);
    const { parts } = parseLesson(name, markdown);
    const steps = parts.filter(({ step }) => step !== undefined).length;
    const commands = parts
      .flatMap(({ actions }) => actions)
      .filter((action) => action.kind === 'command' && isFor(action, '28.5.2')).length;
    const questions = questionsIn(markdown);
    const minutes = minutesOf(commands, questions);
    assert.ok(minutes <= 30, `${name} takes ${minutes} minutes`);
    assert.ok(markdown.includes(`\n**Time.** About ${minutes} minutes.\n`), `${name}: about ${minutes} minutes`);
    return `| ${Number(name.slice(0, 2))} | ${steps} | ${commands} | ${questions} | ${minutes} |\n`;
  });
  assert.equal(/^\| lab \| steps .*\n\|[-|]+\n((?:\|.*\n)*)/m.exec(read('docs/teaching.md'))?.[1], rows.join(''));
});

// Headings and text may differ; what is typed, shown, checked and made may not.
const sharedParts = (markdown: string): string[] =>
  [...markdown.matchAll(/^(```[\s\S]*?^```|<!-- [\s\S]*?^-->)$/gm)].map(([part]) => part);

const shapeOf = (markdown: string) => {
  const { parts } = parseLesson('', markdown);
  const minutes = /^\*\*(?:Time\.|Waktu\.|時間)\*\*\D*(\d+)/m.exec(markdown)?.[1];
  return { steps: parts.map(({ step, actions }) => [step, actions.length]), questions: questionsIn(markdown), minutes };
};

for (const folder of TRANSLATIONS) {
  test(`${folder} has all lessons`, () => assert.deepEqual(lessons(folder).toSorted(), LESSONS));

  for (const name of existsSync(join(ROOT, folder)) ? lessons(folder) : []) {
    test(`${folder}/${name} has the blocks and checks of the original, in their order`, () => {
      const [original, translated] = [read(`labs/${name}`), read(`${folder}/${name}`)];
      assert.deepEqual(sharedParts(translated), sharedParts(original));
      assert.deepEqual(shapeOf(translated), shapeOf(original));
    });
  }
}
