// `counter lab` in the engine: a wrong line makes a lesson fail, a student's containers are left alone, and the lessons on
// links run where links on the default bridge have ended.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { docker, noEngine } from './support/engine.ts';
import { createLabProject, type LabProject } from './support/lab-project.ts';

// No such engine has been released.
const ENGINE_30 = `case "$*" in 'version --format {{.Server.Version}}') echo 30.0.0; exit;; esac
case " $* " in
  *" --network"*) ;;
  *" --link"*) echo 'docker: Error response from daemon: no links on the default bridge' >&2; exit 125;;
esac
exec "$docker" "$@"
`;

describe('counter lab', { skip: noEngine() }, () => {
  let project: LabProject;
  before(async () => {
    project = await createLabProject();
  });
  after(() => project.end());

  for (const name of ['01-links.md', '06-links-or-aliases.md', '09-cluster-by-links.md']) {
    test(`labs/${name} runs on an engine that ended links on the default bridge, as announced for Engine 30`, async () => {
      const { code, out, err } = await project.labWith(ENGINE_30, 'run', join(project.folder, 'labs', name));
      assert.deepEqual({ code, err }, { code: 0, err: '' });
      assert.doesNotMatch(out, /^ {2}docker run (?!.*--network).*--link/m);
    });
  }

  test('a wrong line makes a lesson fail, and what it made is removed', async () => {
    const before = await project.there();
    const file = join(project.folder, 'labs/01-wrong.md');
    const right = await readFile(join(project.folder, 'labs/01-links.md'), 'utf8');
    const wrong = right.replace('\nredis-server redis Up …\n', '\nredis-server redis Down …\n');
    assert.notEqual(wrong, right);
    await writeFile(file, wrong);
    const { code, out, err } = await project.lab('run', file);
    await rm(file);
    assert.equal(code, 1);
    assert.match(out, /docker run --detach --name redis-server redis\n/);
    assert.match(err, /01-wrong\.md:\d+: this command printed something else:\n\$ docker ps .*\nshown:\n/);
    assert.deepEqual(await project.there(), before);
  });

  test("a student's own containers are checked, and never removed", async () => {
    const file = join(project.folder, 'labs/01-links.md');
    const id = await docker('run', '--detach', '--name', 'redis-server', 'redis');
    try {
      const refused = await project.lab('run', file);
      assert.match(refused.err, /but they already exist:\n {2}container redis-server\nNothing was run/);
      assert.equal(refused.code, 1);
      assert.equal(await docker('inspect', '--format', '{{.Id}} {{.State.Running}}', 'redis-server'), `${id} true`);

      const step1 = await project.lab('check', file, '--step', '1');
      assert.match(step1.out, /^Step 1: Start Redis\n {2}ok /);
      assert.equal(step1.code, 0);
      const step5 = await project.lab('check', file, '--step', '5');
      assert.match(step5.out, / missing {2}the app responds on port 3000, and reaches Redis\n/);
      assert.equal(step5.code, 1);
    } finally {
      await docker('rm', '--force', '--volumes', id);
    }
  });
});
