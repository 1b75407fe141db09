// `counter lab run`: what is compared, what a failure says, and what is removed, with a docker that writes down its calls.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { checkLesson } from '../src/lab/check-lesson.ts';
import { parseLesson } from '../src/lab/lesson.ts';
import { runLesson } from '../src/lab/run-lesson.ts';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

/** A project with one lesson, and an engine that knows one container, `web`, from `docker run` on. */
const prepare = async (t: TestContext, steps: string, images = '') => {
  const folder = await temporaryFolder(t, 'lab');
  await mkdir(join(folder, 'labs'));
  await writeFile(join(folder, 'docker-compose.yml'), '');
  const file = join(folder, 'labs/x.md');
  const markdown = `# L\n<!-- resources\ncontainer web\nimage lab/web\n-->\n## Step 1: x\n${steps}`;
  await writeFile(file, markdown);
  const { env, calls } = await fakeDocker(
    t,
    `"run --name web") touch '${folder}/web';;
     "rm --force --volumes web") rm '${folder}/web';;
     "ps --all "*) if [ -e '${folder}/web' ]; then echo 'web '; fi;;
     "image ls "*) echo '${images}';;`,
  );
  const changes = async () => (await calls()).filter((call) => !/^(ps|network ls|volume ls|image ls) /.test(call));
  return { folder, file, markdown, env, changes };
};

const MAKE = '```console\n$ docker run --name web\n```\n';
const REMOVED = 'rm --force --volumes web';

test('runs the commands in the folder of the project, and removes what they made', async (t) => {
  const { folder, file, env, changes } = await prepare(t, `${MAKE}\`\`\`console\n$ pwd; echo 17 >&2\n…\n17\n\`\`\`\n`);
  const { code, out, err } = await cli(['lab', 'run', file], { env });
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  assert.match(out, /^\nStep 1: x\n {2}docker run --name web\n {2}pwd; echo 17 >&2\n/);
  assert.match(out, /every command printed what it shows\.\n$/);
  assert.deepEqual(await changes(), ['run --name web', REMOVED]);
  assert.ok(!existsSync(join(folder, 'web')));
});

test('a make in a lesson says the same below `make labs` as at a terminal', async (t) => {
  const { file, env } = await prepare(t, '```console\n$ echo "<$MAKELEVEL$MAKEFLAGS>"\n<>\n```\n');
  const { code, err } = await cli(['lab', 'run', file], { env: { ...env, MAKELEVEL: '1', MAKEFLAGS: 'w' } });
  assert.deepEqual({ code, err }, { code: 0, err: '' });
});

for (const [block, complaint] of [
  [
    '```console\n$ echo 17\n18\n```\n',
    '11: this command printed something else:\n$ echo 17\nshown:\n18\nprinted:\n17\n',
  ],
  ['```console\n$ echo 17\n```\n', '11: this command printed something else:\n$ echo 17\nshown:\n\nprinted:\n17\n'],
  ['```console\n$ echo no; exit 3\n…\n```\n', '11: this command ended with exit code 3, and should not:\n'],
  ['```console fails\n$ echo yes\n…\n```\n', '11: this command ended with exit code 0, and should fail:\n'],
] as const) {
  test(`fails at ${JSON.stringify(block)}, stops there, and cleans up`, async (t) => {
    const { file, env, changes } = await prepare(t, `${MAKE}${block}\`\`\`console\n$ docker never\n\`\`\`\n`);
    const { code, err } = await cli(['lab', 'run', file], { env });
    assert.equal(code, 1);
    assert.ok(err.startsWith(`${file}:${complaint}`), err);
    assert.deepEqual(await changes(), ['run --name web', REMOVED]);
  });
}

test('fails when a check does not come to hold, and cleans up', async (t) => {
  const check = '<!-- check: the file is there\nls /nowhere\n-->\n';
  const { folder, markdown, env, changes } = await prepare(t, `${MAKE}${check}`);
  const shell = { cwd: folder, env, stop: new AbortController().signal };
  await assert.rejects(
    runLesson(parseLesson('x.md', markdown), shell, () => {}, 200),
    {
      name: 'CommandError',
      message: /^x\.md:10: this does not hold: the file is there\n\$ ls \/nowhere\nls: .*No such file/,
    },
  );
  assert.deepEqual(await changes(), ['run --name web', REMOVED]);
});

test('asks for the checks of a step again at its end', async (t) => {
  const check = '<!-- check: the file is there\nls mark\n-->\n';
  const steps = `\`\`\`console\n$ touch mark\n\`\`\`\n${check}\`\`\`console\n$ rm mark\n\`\`\`\n`;
  const { folder, markdown, env } = await prepare(t, steps);
  const shell = { cwd: folder, env, stop: new AbortController().signal };
  await assert.rejects(
    runLesson(parseLesson('x.md', markdown), shell, () => {}, 200),
    /does not hold/,
  );
});

test('touches nothing when a container of such a name is there already', async (t) => {
  const { folder, file, env, changes } = await prepare(t, `${MAKE}\`\`\`console\n$ touch mark\n\`\`\`\n`);
  await writeFile(join(folder, 'web'), '');
  const { code, err } = await cli(['lab', 'run', file], { env });
  assert.equal(code, 1);
  assert.match(err, /creates resources with these names, but they already exist:\n {2}container web\nNothing was run/);
  assert.deepEqual(await changes(), []);
  assert.ok(existsSync(join(folder, 'web')) && !existsSync(join(folder, 'mark')));
});

test('keeps an image that was there before', async (t) => {
  const { file, env, changes } = await prepare(t, MAKE, 'lab/web:latest');
  assert.equal((await cli(['lab', 'run', file], { env })).code, 0);
  assert.deepEqual(await changes(), ['run --name web', REMOVED]);
});

test('removes a project first, and then what it has left', async (t) => {
  const folder = await temporaryFolder(t, 'lab');
  const { env, calls } = await fakeDocker(
    t,
    `"network ls "*) if [ -e made ]; then echo 'other lab'; fi; if [ -e made ] || [ -e left ]; then echo 'net '; fi;;
     "ps --all "*) if [ -e made ]; then echo 'lab-web-1 lab'; echo 'web lab'; fi;;
     "compose "*) mv made left;;
     "network rm net") rm left;;`,
  );
  const resources = '<!-- resources\nnetwork net\ncontainer web\nproject lab\n-->';
  const lesson = parseLesson('x.md', `# L\n${resources}\n## Step 1: x\n\`\`\`console\n$ touch made\n\`\`\`\n`);
  await runLesson(lesson, { cwd: folder, env, stop: new AbortController().signal }, () => {});
  assert.deepEqual(
    (await calls()).filter((call) => /^compose |(^| )rm /.test(call)),
    ['compose --project-name lab down --volumes --remove-orphans --timeout 1', 'network rm net'],
  );
});

test('leaves a swarm that the lesson has made, and touches nothing in one that was there before', async (t) => {
  const folder = await temporaryFolder(t, 'lab');
  const { env, calls } = await fakeDocker(
    t,
    `"info "*) if [ -e swarm ]; then echo active; else echo inactive; fi;;
     "swarm init") touch swarm;;
     "swarm leave --force") rm swarm;;`,
  );
  const markdown = '# L\n<!-- resources\nswarm this-engine\n-->\n## Step 1: x\n```console\n$ docker swarm init\n```\n';
  const run = () =>
    runLesson(parseLesson('x.md', markdown), { cwd: folder, env, stop: new AbortController().signal }, () => {});
  await run();
  const swarm = async () => (await calls()).filter((call) => call.startsWith('swarm '));
  assert.deepEqual(await swarm(), ['swarm init', 'swarm leave --force']);
  await writeFile(join(folder, 'swarm'), '');
  await assert.rejects(run(), /already exist:\n {2}swarm this-engine\n/);
  assert.equal((await swarm()).length, 2);
});

for (const [version, expected] of [
  ['29.6.1', ['old']],
  ['30.0.0', ['new']],
] as const) {
  test(`runs and checks on Engine ${version} only what is for it`, async (t) => {
    const folder = await temporaryFolder(t, 'lab');
    const { env, calls } = await fakeDocker(t, '', version);
    const block = (engine: string, word: string) =>
      `\`\`\`console engine${engine}\n$ docker ${word}\n\`\`\`\n<!-- check engine${engine}: ${word}\ndocker ${word}\n-->\n`;
    const lesson = parseLesson('x.md', `# L\n## Step 1: x\n${block('<30', 'old')}${block('>=30', 'new')}`);
    const shell = { cwd: folder, env, stop: new AbortController().signal };
    await runLesson(lesson, shell, () => {});
    const [step] = await checkLesson(lesson, shell);
    assert.deepEqual(
      step?.checks.map(({ says, holds }) => [says, holds]),
      expected.map((word) => [word, true]),
    );
    const words = new Set((await calls()).filter((call) => /^(old|new)$/.test(call)));
    assert.deepEqual([...words], expected);
  });
}

test('says which commands it skips because iptables does not run, and what that said', async (t) => {
  const { folder, file, env } = await prepare(t, '```console iptables\n$ iptables -t nat -S DOCKER\n```\n');
  const iptables = "#!/bin/sh\necho 'iptables: Permission denied (you must be root)' >&2\nexit 4\n";
  await writeFile(join(folder, 'iptables'), iptables, { mode: 0o755 });
  const { code, out } = await cli(['lab', 'run', file], { env: { ...env, PATH: `${folder}:${env['PATH']}` } });
  assert.equal(code, 0);
  const why = 'iptables does not run here: iptables: Permission denied (you must be root)';
  assert.ok(out.includes(`\n  (skipped, ${why}): iptables -t nat -S DOCKER\n`), out);
});

test('stops and cleans up on Ctrl-C', async (t) => {
  const { folder, file, env, changes } = await prepare(t, `${MAKE}\`\`\`console\n$ touch mark; sleep 60\n\`\`\`\n`);
  const interrupt = eventually(() => assert.ok(existsSync(join(folder, 'mark')))).then(() => 'SIGINT' as const);
  const { code, err } = await cli(['lab', 'run', file], { env, interrupt });
  assert.deepEqual({ code, err }, { code: 1, err: `${file}:11: stopped.\n` });
  assert.deepEqual(await changes(), ['run --name web', REMOVED]);
});

test('runs a lesson as it is written, whatever the variables of its user say', async (t) => {
  const { file, env } = await prepare(t, '```console\n$ echo $PROXY_PORT-$COMPOSE_PROJECT_NAME\n-\n```\n');
  const given = { ...env, PROXY_PORT: '81', COMPOSE_PROJECT_NAME: 'mine' };
  assert.equal((await cli(['lab', 'run', file], { env: given })).code, 0);
});

test('lists the lessons', async () => {
  const { code, out } = await cli(['lab', 'list']);
  assert.equal(code, 0);
  assert.match(out, /^file +lesson +steps +also in\nlabs\/01-links\.md +Lab 1: Links +7 +id, zh-TW\n/);
});

test('names a lesson that is not there', async () => {
  const { code, err } = await cli(['lab', 'run', 'labs/99.md']);
  assert.deepEqual({ code, err }, { code: 2, err: 'No such lesson: labs/99.md. "counter lab list" shows them all.\n' });
});

test('refuses a file that has no commands', async (t) => {
  const { file, env } = await prepare(t, '```sh\ntrue\n```\n');
  const { code, out, err } = await cli(['lab', 'run', file], { env });
  assert.deepEqual([code, out], [2, '']);
  assert.equal(err, `${file} has no commands. "counter lab list" shows the lessons.\n`);
});
