// Lessons run in the engine, without a network outside, print what they show, and leave nothing behind.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { docker, noEngine } from './engine.ts';
import { createLabProject, type LabProject } from './lab-project.ts';
import { wayOut } from './outbound.ts';

const LESSONS = readdirSync(new URL('../../../labs', import.meta.url))
  .filter((name) => /^\d.*\.md$/.test(name))
  .toSorted();

const numberOf = (name: string): number => Number(name.slice(0, 2));

/** The numbers of those that run the cluster: by hand, with Compose, on several machines, and with faults. */
export const OF_THE_CLUSTER: readonly number[] = [3, 4, 9, 10, 11, 12];

/** Two halves, for two engines: they use fixed names, so that in one engine they run one after the other. */
export const testLessons = (isOfThisHalf: (lesson: number) => boolean): void => {
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

    for (const name of LESSONS.filter((name) => isOfThisHalf(numberOf(name)))) {
      test(`labs/${name} prints what it shows, and leaves nothing`, async () => {
        await project.runsAndLeavesNothing(`labs/${name}`);
        assert.equal(await docker('image', 'ls', '--quiet', `lab${numberOf(name)}/*`), '');
      });
    }
  });
};
