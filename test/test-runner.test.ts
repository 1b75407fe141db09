// What runs the tests notices every way in which a group of them can fail, and every test file is in one group.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { engines, HERE } from '../tools/tests/engines.ts';
import { all, fast, oldest } from '../tools/tests/groups.ts';
import { outcomeText, totalsText } from '../tools/tests/report.ts';
import { type Lane, type Outcome, runLanes, type Worker } from '../tools/tests/run.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const TIMEOUT = { test: 5000, group: 10_000 };

/** Runs each of `bodies` as a test file and a group of its own, all of them at the same time. */
const run = async (
  t: TestContext,
  bodies: Readonly<Record<string, string>>,
  { timeout = TIMEOUT, stop = new AbortController().signal } = {},
): Promise<Readonly<Record<string, Outcome>>> => {
  const folder = await temporaryFolder(t, 'runner');
  const groups = Object.entries(bodies).map(([name, body]) => ({ name, body, file: join(folder, `${name}.test.mjs`) }));
  for (const { file, body } of groups) await writeFile(file, `import { suite, test } from 'node:test';\n${body}`);
  const outcomes: Outcome[] = [];
  const workers = groups.map(() => HERE);
  const lane = { workers, groups: groups.map(({ name, file }) => ({ name, files: [file], timeout })) };
  await runLanes([lane], (outcome) => outcomes.push(outcome), stop);
  return Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome]));
};

const facts = ({ passed, failed, skipped, fault }: Outcome) => ({ passed, failed, skipped: skipped.length, fault });

test('counts what passed, failed and was skipped', async (t) => {
  const { good, bad, broken } = await run(t, {
    good: `test('a', () => {}); test('b', { skip: 'no moon' }, () => {}); suite('c', { skip: 'no sun' }, () => {});`,
    bad: `test('a', () => {}); test('b', () => { throw new Error('no'); });`,
    broken: 'no script at all',
  });
  assert.ok(good && bad && broken);
  assert.deepEqual(facts(good), { passed: 1, failed: 0, skipped: 2, fault: undefined });
  assert.match(outcomeText(good), /^✔ good: 1 passed \(.*\)\n﹣ b .* # no moon\n﹣ c .* # no sun$/);
  assert.deepEqual(facts(bad), { passed: 1, failed: 1, skipped: 0, fault: 'ended with 1' });
  assert.match(outcomeText(bad), /Error: no/);
  assert.doesNotMatch(outcomeText(bad), /✔/);
  assert.equal(broken.fault, 'ended with 1');
  const totals = totalsText([good, bad], 61.5);
  assert.equal(totals, '✖ bad: ended with 1\nIt took 1 min 1 s.\nTests: 2 passed, 1 failed, 2 skipped');
});

test('notices what was left behind, and ends it', async (t) => {
  const start = `import { spawn } from 'node:child_process';
    test('a', () => { const child = spawn('sleep', ['1000'], { stdio: 'ignore' }); child.unref(); console.log('pid', child.pid); });`;
  const { left } = await run(t, { left: start });
  assert.equal(left?.fault, 'its tests left processes behind');
  const pid = Number(/pid (\d+)/.exec(left.output)?.[1]);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('ends what hangs', async (t) => {
  const opens = `test('a', () => { setInterval(() => {}, 1000); });`;
  const { open } = await run(t, { open: opens }, { timeout: { test: 500, group: 3000 } });
  const waits = `test('a', async () => { await new Promise((resolve) => setTimeout(resolve, 1000)); });`;
  const { late } = await run(t, { late: waits }, { timeout: { test: 500, group: 60_000 } });
  assert.equal(open?.fault, 'not done after 0.05 minutes: something hangs, or was left open');
  assert.ok(late);
  assert.deepEqual(facts(late), { passed: 0, failed: 1, skipped: 0, fault: 'ended with 1' });
});

test('ends all when it is stopped', async (t) => {
  const folder = await temporaryFolder(t, 'runner');
  const endless = `import { mkdtempSync } from 'node:fs';
    test('a', async () => { mkdtempSync('${folder}/'); await new Promise((resolve) => setTimeout(resolve, 100_000)); });`;
  const controller = new AbortController();
  const running = run(t, { a: endless, b: endless }, { stop: controller.signal });
  await eventually(async () => assert.equal((await readdir(folder)).length, 2));
  controller.abort();
  const outcomes = Object.values(await running);
  assert.deepEqual(
    outcomes.map(({ fault }) => fault),
    ['stopped', 'stopped'],
  );
});

test('a worker makes its place before each command, runs it there, and takes the place away', async (t) => {
  const folder = await temporaryFolder(t, 'runner');
  const file = join(folder, 'a.test.mjs');
  await writeFile(file, `console.log('in', process.env['PLACE'], process.argv0);`);
  const seen: string[] = [];
  const worker: Worker = {
    within: ['env', 'PLACE=there'],
    env: { PLACE: 'here' },
    open: async () => void seen.push('open'),
    close: async () => void seen.push('close'),
  };
  const group = { name: 'a', files: [file], timeout: TIMEOUT };
  const outputs = (outcome: Outcome) => seen.push(/in \w+/.exec(outcome.output)?.[0] ?? outcome.output);
  await runLanes([{ workers: [worker], groups: [group, group] }], outputs, new AbortController().signal);
  assert.deepEqual(seen, ['open', 'in there', 'open', 'in there', 'close']);
});

test('a place that breaks is recreated for the next file', async (t) => {
  const folder = await temporaryFolder(t, 'runner');
  const place = join(folder, 'place');
  const file = join(folder, 'a.test.mjs');
  await writeFile(file, `import { rmdirSync } from 'node:fs'; rmdirSync('${place}');`);
  const worker: Worker = { within: [], env: {}, open: async () => void (await mkdir(place, { recursive: true })) };
  const group = { name: 'a', files: [file], timeout: TIMEOUT };
  const outcomes: Outcome[] = [];
  const lane = { workers: [worker], groups: [group, group] };
  await runLanes([lane], (outcome) => outcomes.push(outcome), new AbortController().signal);
  assert.deepEqual(
    outcomes.map(({ fault }) => fault),
    [undefined, undefined],
  );
});

test('a place that cannot be made is a failure, and others do its work', async (t) => {
  const folder = await temporaryFolder(t, 'runner');
  const file = join(folder, 'a.test.mjs');
  await writeFile(file, `import { test } from 'node:test'; test('a', () => {});`);
  let closed = false;
  const broken: Worker = {
    within: ['nowhere'],
    env: {},
    open: async () => assert.fail('no room'),
    close: async () => {
      closed = true;
    },
  };
  const outcomes: Outcome[] = [];
  const group = { name: 'a', files: [file], timeout: TIMEOUT };
  const lane = { workers: [broken, HERE], groups: [group] };
  await runLanes([lane], (outcome) => outcomes.push(outcome), new AbortController().signal);
  assert.deepEqual(outcomes.map(({ name, passed, fault }) => [name, passed, fault]).toSorted(), [
    ['a', 1, undefined],
    ['nowhere', 0, 'AssertionError [ERR_ASSERTION]: no room'],
  ]);
  assert.ok(closed);
});

test('there is more than one engine where engines are private', () => {
  const folders = (workers: readonly Worker[]) => workers.map(({ env: { ENGINE_DIR } }) => ENGINE_DIR);
  assert.deepEqual(engines({}), [HERE]);
  assert.deepEqual(folders(engines({ ENGINE_DIR: '/x' })), [undefined, '/x-lane-2', '/x-lane-3', '/x-lane-4']);
  for (const { open } of engines({ ENGINE_DIR: '/x' })) assert.ok(open, 'a crashed one is started again');
});

test('every test file is in one group', () => {
  assert.ok(all({}).every(({ groups }) => groups.every(({ files }) => files.length > 0)));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'], {
    cwd: ROOT,
  });
  const files = filesOf(all({}));
  assert.deepEqual(files.toSorted(), listed.toString().trim().split('\n').toSorted());
  const quick = filesOf(fast());
  assert.deepEqual(
    quick.filter((file) => !files.includes(file) || /e2e|browser/.test(file)),
    [],
  );
  assert.deepEqual(
    filesOf(oldest({})).filter((file) => !files.includes(file)),
    [],
  );
});

const filesOf = (lanes: readonly Lane[]): string[] =>
  lanes.flatMap(({ groups }) => groups.flatMap((group) => [...group.files]));
