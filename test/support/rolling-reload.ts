// Reloads the replicas, and asserts from the log of the cluster that each has reloaded before the next one starts.
import assert from 'node:assert/strict';
import { eventually } from '@container-counter/testing/eventually';
import type { Program } from '@container-counter/testing/process';
import type { Clone } from './clone.ts';

export const assertRollingReload = async (clone: Clone, up: Program): Promise<void> => {
  const from = up.lines.length;
  await clone.edit('services/web/src/main.ts', 'await run(', "console.error('starting'); await sleep(100); await run(");
  const oneByOne = /^(\S+) starting, \1 reloaded, (\S+) starting, \2 reloaded, (\S+) starting, \3 reloaded$/;
  await eventually(() => {
    const steps = up.lines.slice(from).flatMap((line) => {
      const [, replica, step] = /^(web\S*) .*(starting|reloaded)$/.exec(line) ?? [];
      return step === undefined ? [] : [`${replica} ${step}`];
    });
    const first = steps.findIndex((step) => step.endsWith('starting')); // what was reloaded before is of an earlier change
    assert.match(steps.slice(first).join(', '), oneByOne);
  });
};
