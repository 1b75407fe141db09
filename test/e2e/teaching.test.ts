// The commands of docs/teaching.md: images in one file, used without a network, and two students on one engine.
import { after, before, describe, test } from 'node:test';
import { noEngine } from './support/engine.ts';
import { createLabProject, type LabProject } from './support/lab-project.ts';

describe('the page for teachers', { skip: noEngine() }, () => {
  let project: LabProject;
  before(async () => {
    project = await createLabProject();
  });
  after(() => project.end());

  test('prints what it shows, and leaves nothing', () => project.runsAndLeavesNothing('docs/teaching.md'));
});
