// The file of `counter up local` tells whether its process still runs, though the id of one that ended is used again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { readConfig } from '../src/config.ts';
import { readState, startOf, writeState } from '../src/local/state.ts';

const { pid } = process;

for (const [whose, started, runs] of [
  ['the same process', startOf(pid), true],
  ['another one with its id', '1', false],
  ['one of which nobody noted when it started', undefined, true],
] as const) {
  test(`${whose} ${runs ? 'counts' : 'does not count'}`, async (t) => {
    const config = readConfig({ LOCAL_DATA: await temporaryFolder(t, 'local') });
    writeState(config, { pid, started, url: '', redis: '', processes: [] });
    assert.equal(readState(config)?.pid, runs ? pid : undefined);
  });
}

const noProc = !existsSync('/proc/self/stat') && 'there is no /proc';

test('one that has ended, but waits for its parent, does not count', { skip: noProc }, async (t) => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => parent.kill());
  const child = Number(await once(parent.stdout, 'data'));
  parent.stdin.write('x');
  await once(parent.stdout, 'data'); // it is cat now, which waits for no child
  const config = readConfig({ LOCAL_DATA: await temporaryFolder(t, 'local') });
  writeState(config, { pid: child, started: startOf(child), url: '', redis: '', processes: [] });
  assert.ok(readState(config));
  process.kill(child, 'SIGKILL');
  await eventually(() => assert.equal(readState(config), undefined));
});
