// Every lesson runs in the engine, without a network outside, prints what it shows, and leaves nothing behind.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { docker, noEngine } from './support/engine.ts';
import { createLabProject, type LabProject } from './support/lab-project.ts';
import { wayOut } from './support/outbound.ts';

const LESSONS = readdirSync(new URL('../../labs', import.meta.url)).filter((name) => /^\d.*\.md$/.test(name));

describe('the lessons', { skip: noEngine() }, () => {
  let project: LabProject;
  before(async () => {
    project = await createLabProject();
  });
  after(() => project.end());

  test('run without access to the internet', async (t) => {
    if (!project.cutOff) return t.skip('this engine is not the private one: its network was not cut');
    await assert.rejects(wayOut(), /Permission denied/);
  });

  for (const name of LESSONS.toSorted()) {
    test(`labs/${name} prints what it shows, and leaves nothing`, async () => {
      await project.runsAndLeavesNothing(`labs/${name}`);
      assert.equal(await docker('image', 'ls', '--quiet', `lab${Number(name.slice(0, 2))}/*`), '');
    });
  }
});
