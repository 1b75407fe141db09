// Ctrl-Z in `counter watch` gives the shell its screen back, and `fg` draws the whole picture again.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const COUNTER = new URL('../src/main.ts', import.meta.url).pathname;
const noScript = () => spawnSync('script', ['--version']).status !== 0 && 'there is no program called script';

test('on a real terminal, in a shell with job control', { skip: noScript() }, async (t) => {
  const shell = `${process.execPath} ${COUNTER} watch --url http://127.0.0.1:1; echo suspended; fg; echo ended`;
  const terminal = spawn('script', ['--quiet', '--flush', '--command', `bash -mc "${shell}"`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', SHELL: '/bin/bash' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => terminal.kill());
  let out = '';
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => pattern.test(out) && resolve();
      terminal.stdout.on('data', look);
      look();
    });
  terminal.stdout.setEncoding('utf8').on('data', (piece) => {
    out += piece;
  });
  await until(/refused the connection.*Ctrl-C ends this/s);
  terminal.stdin.write('\u001a');
  await until(/suspended.*refused the connection.*Ctrl-C ends this/s);
  terminal.stdin.write('\u0003');
  await once(terminal, 'close');
  const [, , between = '', again = '', after = ''] = out.split(/.\[\?1049[hl]/);
  assert.match(between, /suspended\r\n/);
  assert.match(again, /^.\[\?25l.\[2J.\[H.*no counts.*Ctrl-C ends this/s, 'all of it, without a cursor');
  assert.equal(out.split('\u001b[?25h').length, 3, 'each screen gives the cursor back');
  assert.match(after, /^no counts, .*ended\r\n$/s);
});
