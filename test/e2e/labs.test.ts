// Every lesson, and the page for teachers, runs in the engine, without a network outside; a wrong line makes it fail, and nothing is left behind.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cli } from '../../services/counter-cli/test/cli.ts';
import { docker, noEngine } from './support/engine.ts';
import { cutOutbound, wayOut } from './support/outbound.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const LESSONS = (await readdir(join(ROOT, 'labs'))).filter((name) => /^\d.*\.md$/.test(name)).toSorted();

const env = {
  ...(process.env as Record<string, string>),
  PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}`,
};

describe('the lessons', { skip: noEngine() }, () => {
  let project: string;
  let restore: (() => Promise<void>) | undefined;

  before(async () => {
    // A copy: lesson 3 keeps data in the folder .data, where somebody may have data already.
    project = await mkdtemp(join(tmpdir(), 'counter-labs-'));
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
    for (const file of files.toString().trim().split('\n')) await cp(join(ROOT, file), join(project, file));
    await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
    // Packages are fetched here; later builds find them in the cache.
    for (const target of ['web', 'proxy', 'cli']) await docker('build', '--target', target, project);
    restore = await cutOutbound();
  });
  after(async () => {
    await restore?.();
    await rm(project, { recursive: true, force: true });
  });

  const there = async () => ({
    containers: await docker('ps', '--all', '--format', '{{.Names}}'),
    networks: await docker('network', 'ls', '--format', '{{.Name}}'),
    volumes: await docker('volume', 'ls', '--format', '{{.Name}}'),
    files: (await readdir(project)).toSorted(),
  });

  test('run without a way out', async (t) => {
    if (restore === undefined) return t.diagnostic('this engine is not the private one: its network was not cut');
    await assert.rejects(wayOut(), /Permission denied/);
  });

  for (const file of [...LESSONS.map((name) => `labs/${name}`), 'docs/teaching.md']) {
    test(`${file} prints what it shows, and leaves nothing`, async () => {
      const before = await there();
      const { code, err } = await cli(['lab', 'run', join(project, file)], { env });
      assert.equal(err, '');
      assert.equal(code, 0);
      assert.deepEqual(await there(), before);
      assert.equal(await docker('image', 'ls', '--quiet', `lab${/\/0(\d)/.exec(file)?.[1] ?? 3}/*`), '');
    });
  }

  test('a wrong line makes a lesson fail, and what it made is removed', async () => {
    const before = await there();
    const file = join(project, 'labs/01-wrong.md');
    const right = await readFile(join(project, 'labs/01-links.md'), 'utf8');
    const wrong = right.replace('1 packets transmitted, 1 …received', '1 packets transmitted, 2 …received');
    assert.notEqual(wrong, right);
    await writeFile(file, wrong);
    const { code, out, err } = await cli(['lab', 'run', file], { env });
    await rm(file);
    assert.equal(code, 1);
    assert.match(out, /docker run --detach --name redis-server redis\n/);
    assert.match(err, /01-wrong\.md:\d+: this command printed something else:\n\$ docker run .* ping -c 1 redis\n/);
    assert.deepEqual(await there(), before);
  });

  test("a student's own containers are checked, and never removed", async () => {
    const file = join(project, 'labs/01-links.md');
    const id = await docker('run', '--detach', '--name', 'redis-server', 'redis');
    try {
      const refused = await cli(['lab', 'run', file], { env });
      assert.match(refused.err, /they are here already:\n {2}container redis-server\nNothing was run/);
      assert.equal(refused.code, 1);
      assert.equal(await docker('inspect', '--format', '{{.Id}} {{.State.Running}}', 'redis-server'), `${id} true`);

      const step1 = await cli(['lab', 'check', file, '--step', '1'], { env });
      assert.match(step1.out, /^Step 1: Start Redis\n {2}ok /);
      assert.equal(step1.code, 0);
      const step5 = await cli(['lab', 'check', file, '--step', '5'], { env });
      assert.match(step5.out, / missing {2}the app answers on port 3000, and reaches Redis\n/);
      assert.equal(step5.code, 1);
    } finally {
      await docker('rm', '--force', '--volumes', id);
    }
  });
});
