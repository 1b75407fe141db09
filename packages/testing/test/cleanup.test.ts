// What a program has started with `withCleanup` ends with it, whatever ends the program.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { start } from '@container-counter/testing/process';

const SCRIPT = (last: string) => `
  import { withCleanup } from '@container-counter/testing/cleanup';
  import { start } from '@container-counter/testing/process';
  await withCleanup(async (t) => {
    const { child } = start(t, 'sleep', ['1000']);
    console.log('started', child.pid);
    ${last}
  });
`;

const ends: Readonly<Record<string, { last: string; signal?: NodeJS.Signals; code: number }>> = {
  'its end': { last: '', code: 0 },
  'an error': { last: 'throw new Error("wrong");', code: 1 },
  SIGTERM: { last: 'await new Promise((resolve) => setTimeout(resolve, 60_000));', signal: 'SIGTERM', code: 1 },
  SIGINT: { last: 'await new Promise((resolve) => setTimeout(resolve, 60_000));', signal: 'SIGINT', code: 1 },
};

for (const [name, { last, signal, code }] of Object.entries(ends)) {
  test(name, async (t) => {
    const program = start(t, process.execPath, ['--input-type=module', '--eval', SCRIPT(last)]);
    const ended = once(program.child, 'exit');
    const pid = Number((await program.line(/^started \d+$/)).split(' ')[1]);
    if (signal) program.child.kill(signal);
    await ended;
    assert.equal(program.child.exitCode, code);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
}
