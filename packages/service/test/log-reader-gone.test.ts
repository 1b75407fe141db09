// A service whose log nobody reads any more still works, and still ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const PROGRAM = `
  import { createLogger } from '@container-counter/service/log';
  const log = createLogger({ service: 'test' }, 'info');
  log.info('first');
  process.once('SIGTERM', () => log.info('last'));
  const alive = setInterval(() => log.info('more'), 10);
  process.once('SIGTERM', () => clearInterval(alive));
`;

test('when the reader has left, with lines unread, the process keeps running and ends with exit code 0', async (t) => {
  const args = ['--input-type=module', '--eval', PROGRAM];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'readable');
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
