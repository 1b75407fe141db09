// What is true of a service that has come through whatever a test did to it.
import assert from 'node:assert/strict';
import type { Program } from '@container-counter/testing/process';

/** It runs, and has written nothing to standard error, to which only what nobody foresaw is written. */
export const assertSurvived = ({ child, errors, lines }: Program, what: string): void => {
  const said = `${what}\n${lines.slice(-20).join('\n')}`;
  assert.deepEqual([child.exitCode, child.signalCode], [null, null], `It ended: ${said}`);
  assert.deepEqual(errors, [], `It wrote to standard error: ${said}`);
};

/** It was told to stop, and did so in order. */
export const assertStopped = async (program: Program, what: string): Promise<void> => {
  const code = await program.stop();
  const said = `${what}\n${program.lines.slice(-20).join('\n')}`;
  assert.equal(code, 0, `It did not end in order: ${said}`);
  assert.deepEqual(program.errors, [], `It wrote to standard error: ${said}`);
};
