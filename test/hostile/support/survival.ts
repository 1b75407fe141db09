// What is true of a service that has come through whatever a test did to it.
import assert from 'node:assert/strict';
import { eventually } from '@container-counter/testing/eventually';
import type { Program } from '@container-counter/testing/process';
import { openFiles } from '@container-counter/testing/processes';
import type { Service } from '@container-counter/testing/services';
import { connectionsOf } from './system.ts';

/** It runs, and has written nothing to standard error, to which only what nobody foresaw is written. */
export const assertSurvived = ({ child, errors, lines }: Program, what: string): void => {
  const said = `${what}\n${lines.slice(-20).join('\n')}`;
  assert.deepEqual([child.exitCode, child.signalCode], [null, null], `It ended: ${said}`);
  assert.deepEqual(errors, [], `It wrote to standard error: ${said}`);
  const unforeseen = lines.filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual(unforeseen, [], `It logged an error: ${what}`);
};

/** It was told to stop, and did so in order. */
export const assertStopped = async (program: Program, what: string): Promise<void> => {
  const code = await program.stop();
  const said = `${what}\n${program.lines.slice(-20).join('\n')}`;
  assert.equal(code, 0, `It did not end in order: ${said}`);
  assert.deepEqual(program.errors, [], `It wrote to standard error: ${said}`);
};

/** The environment of a service that can be asked by `holdingsOf`. */
export const ASKABLE = { NODE_OPTIONS: `--import ${new URL('confess.ts', import.meta.url).href}` } as const;

/** What a service holds: open files, sockets among them; sockets, timers and the like of Node; bytes in use. */
export type Holdings = { readonly files: number; readonly handles: number; readonly heap: number };

export const holdingsOf = async ({ child, lines }: Service): Promise<Holdings> => {
  const responses = () => lines.filter((line) => line.includes('"message":"holdings"'));
  const before = responses().length;
  child.kill('SIGUSR2');
  await eventually(() => assert.ok(responses().length > before, 'It does not tell what it holds.'));
  const { handles, heap } = JSON.parse(responses().at(-1) ?? '') as Omit<Holdings, 'files'>;
  return { files: openFiles([child.pid as number]), handles, heap };
};

/**
 * It has given everything back that it got since `before`, but for connections that it keeps to those behind it.
 * @param kept how many of these there may be
 */
export const assertGivenBack = async (service: Service, before: Holdings, kept: number): Promise<Holdings> => {
  await eventually(() => assert.equal(connectionsOf(service.port), 0, 'connections that stayed'));
  let after = before;
  await eventually(async () => {
    after = await holdingsOf(service);
    assert.ok(after.files <= before.files + kept, `${after.files} files are open, and before ${before.files}`);
    assert.ok(after.handles <= before.handles + 2 * kept, `${after.handles} handles, and before ${before.handles}`);
    assert.ok(after.heap <= before.heap + MAX_GROWTH, `${after.heap} bytes in use, and before ${before.heap}`);
  });
  return after;
};

const MAX_GROWTH = 10 * 2 ** 20; // caches that fill up; a leak of each request would be more
