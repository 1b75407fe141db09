// `counter lab check`: tells which steps of a lesson hold for what somebody made by hand.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

const prepare = async (t: TestContext, markdown = LESSON) => {
  const folder = await temporaryFolder(t, 'lab');
  await writeFile(join(folder, 'docker-compose.yml'), '');
  const file = join(folder, 'x.md');
  await writeFile(file, markdown);
  const { env, calls } = await fakeDocker(t, `"inspect web") echo no such thing >&2; exit 1;;`);
  return { file, env, calls };
};

const LESSON = `# L
## Step 1: Redis
<!-- check: Redis runs
docker inspect redis
-->
## Step 2: Web
<!-- check: Redis runs
docker inspect redis
-->
<!-- check: web runs
docker inspect web
-->
## Clean up
`;

test('shows each step, and succeeds when one holds', async (t) => {
  const { file, env } = await prepare(t);
  const { code, out, err } = await cli(['lab', 'check', file], { env });
  assert.equal(out, 'Step 1: Redis\n  ok       Redis runs\nStep 2: Web\n  ok       Redis runs\n  missing  web runs\n');
  assert.deepEqual({ code, err }, { code: 0, err: '' });
});

test('fails at one step that does not hold, and shows the command with what it said', async (t) => {
  const { file, env } = await prepare(t);
  const { code, out, err } = await cli(['lab', 'check', file, '--step', '2'], { env });
  const hint = '             docker inspect web\n             no such thing\n';
  assert.equal(out, `Step 2: Web\n  ok       Redis runs\n  missing  web runs\n${hint}`);
  assert.deepEqual({ code, err }, { code: 1, err: 'Step 2 is not done yet.\n' });
});

test('asks for nothing but what the step says', async (t) => {
  const { file, env, calls } = await prepare(t);
  assert.equal((await cli(['lab', 'check', file, '--step', '1'], { env })).code, 0);
  assert.deepEqual(await calls(), ['inspect redis']);
});

test('names a step that is not there', async (t) => {
  const { file, env } = await prepare(t);
  const { code, err } = await cli(['lab', 'check', file, '--step', '3'], { env });
  assert.deepEqual({ code, err }, { code: 2, err: `${file} has no checks at step 3.\n` });
});
