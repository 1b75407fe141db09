// How a lesson is read: its steps, its checks, and what it may make.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFor, parseLesson } from '../src/lab/lesson.ts';

const LESSON = `# Lab: A title

<!-- resources
container web1 web2
image lab/web
-->

## Step 1: Begin

\`\`\`console
$ docker run --name web1 alpine
…
\`\`\`

<!-- check engine<30: it runs
docker inspect web1
docker inspect web1
-->

\`\`\`console engine<29 fails
$ false
\`\`\`

## Step 2: Go on

## Clean up

\`\`\`console
$ docker rm --force web1
web1
\`\`\`
`;

test('reads the parts with their commands and checks, in order', () => {
  const { title, resources, parts } = parseLesson('x.md', LESSON);
  assert.equal(title, 'Lab: A title');
  assert.deepEqual(resources.container, ['web1', 'web2']);
  assert.deepEqual(resources.image, ['lab/web']);
  assert.deepEqual(
    parts.map(({ heading, step, actions }) => [heading, step, actions.length]),
    [
      ['Step 1: Begin', 1, 3],
      ['Step 2: Go on', 2, 0],
      ['Clean up', undefined, 1],
    ],
  );
  const all = { kind: 'command', fails: false, engine: undefined, iptables: false };
  assert.deepEqual(parts[0]?.actions, [
    { ...all, line: 11, command: 'docker run --name web1 alpine', output: '…' },
    { kind: 'check', line: 15, says: 'it runs', command: 'docker inspect web1\ndocker inspect web1', engine: '<30' },
    { ...all, line: 21, command: 'false', output: '', fails: true, engine: '<29' },
  ]);
});

test('reads a lesson with CRLF as one with LF', () => {
  assert.deepEqual(parseLesson('x.md', LESSON.replaceAll('\n', '\r\n')), parseLesson('x.md', LESSON));
});

test('finds the number of a step in other languages', () => {
  const steps = parseLesson('x.md', '# L\n## Langkah 1: Mulai\n## 步驟 2：開始\n## Apa kabar 29\n').parts;
  assert.deepEqual(
    steps.map(({ step }) => step),
    [1, 2, undefined],
  );
});

for (const [engine, version, expected] of [
  [undefined, '26.1.5', true],
  ['<29', '28.5.2', true],
  ['<29', '29.0.0', false],
  ['=29', '29.6.1', true],
  ['=29', '30.0.0', false],
  ['=29', '28.5.2', false],
  ['>=29', '29.6.1-rc1', true],
  ['>=29', '26.1.5+dfsg1', false],
] as const) {
  test(`a command for engine ${engine} is ${expected ? '' : 'not '}for ${version}`, () => {
    const command = {
      kind: 'command',
      line: 1,
      command: '',
      output: '',
      fails: false,
      engine,
      iptables: false,
    } as const;
    assert.equal(isFor(command, version), expected);
  });
}

const noCheck = (line: number) =>
  `x.md:${line}: a check begins with "<!-- check: " or "<!-- check engine>=29: ", and ends with a line "-->".`;

const NO_BLOCK = 'x.md:3: a block of commands begins with "```console".';

const block = (command: string, info = '') => `# L\n\n## Step 1: x\n\n\`\`\`console${info}\n$ ${command}\n\`\`\`\n`;

for (const [markdown, complaint] of [
  ['text', 'x.md:1: the lesson has no title.'],
  ['# L\n```console\n$ true\n```\n', 'x.md:3: a command or check stands before the first "## " heading.'],
  [block('true', ' loudly'), 'x.md:6: "loudly" after the word console means nothing.'],
  ['# L\n## Step 1: x\n\n<!-- check : y\ntrue\n-->\n', noCheck(4)],
  ['# L\n## Step 1: x\n\n<!-- check engine>28: y\ntrue\n-->\n', noCheck(4)],
  ['# L\n## Step 1: x\n\n<!-- check: y -->\n', noCheck(4)],
  ['# L\n## Step 1: x\n<!-- check: y\ntrue\n<!-- check: z\ntrue\n-->\n', noCheck(5)],
  ['# L\n## Step 1: x\n~~~console\n$ true\n~~~\n', NO_BLOCK],
  ['# L\n## Step 1: x\n``` console\n$ true\n```\n', NO_BLOCK],
  ['# L\n## Step 1: x\n```console\tfails\n$ true\n```\n', NO_BLOCK],
  ['# L\n## Step 1: x\n  ````console fails\n$ true\n````\n', NO_BLOCK],
  ['# L\n<!-- resources\ncluster a\n-->', /"cluster" is not a kind of resource/],
  ['# L\n<!-- resources\npath ../a\n-->', /"\.\.\/a" is not a valid path name/],
  ['# L\n<!-- resources\npath .\n-->', /"\." is not a valid path name/],
  ['# L\n<!-- resources\npath labs/.\n-->', /"labs\/\." is not a valid path name/],
  ['# L\n<!-- resources\npath /etc\n-->', /"\/etc" is not a valid path name/],
] as const) {
  test(`refuses ${JSON.stringify(markdown)}`, () => {
    assert.throws(() => parseLesson('x.md', markdown), { name: 'UsageError', message: complaint });
  });
}

for (const [command, thing] of [
  ['docker run --detach --name web redis', 'the container web'],
  ['docker run --detach \\\n    --name=web redis', 'the container web'],
  ['docker rm --force --volumes web', 'the container web'],
  ['true; docker kill web', 'the container web'],
  ['docker rename web other', 'the container web'],
  ['docker network create --internal net', 'the network net'],
  ['docker network rm net', 'the network net'],
  ['docker volume rm data', 'the volume data'],
  ['docker run -v data:/data redis', 'the volume data'],
  ['docker build --tag lab/web --target web .', 'the image lab/web'],
  ['docker compose --project-name lab up', 'the project lab'],
  ['docker compose -p lab down --volumes', 'the project lab'],
  ['COMPOSE_PROJECT_NAME=lab docker compose up', 'the project lab'],
  ['docker rm -v -f $(docker ps -q -a)', 'the container $(docker'],
  ['docker swarm init', 'the swarm'],
  ['docker service create nginx', 'the swarm'],
] as const) {
  test(`refuses a lesson that does not list what it touches: ${command}`, () => {
    assert.throws(() => parseLesson('x.md', block(command)), {
      message: `x.md:6: ${thing} is not among the resources that the lesson lists.`,
    });
    const listed =
      '<!-- resources\ncontainer web other\nnetwork net\nvolume data\nimage lab/web\nproject lab\nswarm this-engine\n-->\n';
    if (!command.includes('$(')) parseLesson('x.md', block(command) + listed);
  });
}

test('refuses a command to Compose that names no project', () => {
  assert.throws(
    () => parseLesson('x.md', block('docker compose down --volumes')),
    /the default project is not among the resources/,
  );
});

test('lets a lesson remove the containers that bear its label', () => {
  parseLesson('x.md', block('docker rm -v -f $(docker ps -q -a --filter label=lab9)'));
});

test('takes a folder that is mounted for no volume', () => {
  parseLesson('x.md', block('docker run --rm -v $PWD/.data:/data redis'));
});
