// A service whose log is not read: it keeps little of it, says what it dropped once it is read again, and ends in time.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const LINES = 100_000; // of 200 bytes

const PROGRAM = `
  import { createLogger } from '@container-counter/service/log';
  const log = createLogger({ service: 'test' }, 'info');
  const before = process.memoryUsage.rss();
  const burst = (i) => {
    for (const end = i + 1000; i < end; i++) log.info({ i, pad: 'x'.repeat(100) }, 'line');
    if (i < ${LINES}) return setImmediate(burst, i);
    process.send({ mebibytes: (process.memoryUsage.rss() - before) / 2 ** 20 });
  };
  burst(0);
  const alive = setInterval(() => {}, 1000);
  process.once('SIGTERM', () => { log.info('last'); clearInterval(alive); process.disconnect(); });
`;

const startStalled = async (t: { after: (end: () => unknown) => void }) => {
  const args = ['--input-type=module', '--eval', PROGRAM];
  const options = { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] } as const;
  const child = spawn(process.execPath, args, { ...options, stdio: [...options.stdio] });
  t.after(() => child.kill('SIGKILL'));
  const [{ mebibytes }] = (await once(child, 'message')) as [{ mebibytes: number }];
  return { child, mebibytes };
};

test('a log that is read again after a while', { timeout: 60_000 }, async (t) => {
  const { child, mebibytes } = await startStalled(t);
  assert.ok(mebibytes < 60, `it took ${mebibytes} MiB more`); // all lines would be 20 MB twice, and garbage
  let read = 0;
  let next = 0;
  let dropped = 0;
  assert.ok(child.stdout);
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text);
    if (line.message === 'line') {
      // Some may be missing in between: the pipe took more while the program was still writing.
      assert.ok(line.i >= next, `line ${line.i} comes where ${next} or a later one should`);
      next = line.i + 1;
      read += 1;
    }
    if (line.dropped === undefined) continue;
    dropped = line.dropped;
    assert.deepEqual(
      [line.level, line.message],
      ['warn', 'log lines were dropped because standard output did not take them'],
    );
    break;
  }
  assert.ok(dropped > 0);
  assert.equal(read + dropped, LINES);
});

test('a log that is never read again', { timeout: 60_000 }, async (t) => {
  const { child } = await startStalled(t);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
