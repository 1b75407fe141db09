// `counter up local` on a real terminal: the URL stays in sight, the logs come with Enter, and Ctrl-C ends it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis } from '@container-counter/testing/redis';
import { localEnvironment } from './local.ts';

const COUNTER = new URL('../src/main.ts', import.meta.url).pathname;
const noScript = () => spawnSync('script', ['--version']).status !== 0 && 'there is no program called script';

test('the first run', { skip: noRedis() || noScript() }, async (t) => {
  const own = await localEnvironment(t);
  const env = { PATH: process.env['PATH'], TERM: 'xterm', NO_COLOR: '1', ...own };
  const command = `exec ${process.execPath} ${COUNTER} up local`;
  const terminal = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => terminal.kill());
  let out = '';
  terminal.stdout.on('data', (piece) => {
    out += piece;
  });
  const until = (expected: RegExp): Promise<void> => eventually(async () => assert.match(out, expected));
  await until(/Enter shows or hides the logs\.\r\n/);
  assert.match(
    out,
    /^Redis is .*\r\nredis is ready\.\r\n(web\d is ready\.\r\n){3}proxy is ready\.\r\n\r\nThe counter is up: http/,
  );
  await (await fetch(`http://127.0.0.1:${own['PROXY_PORT']}/`)).text();
  terminal.stdin.write('\n');
  await until(/Logs are shown; Enter hides them\.\r\n/);
  assert.ok(!out.split('Logs are shown')[0]?.includes('{'), out);
  await (await fetch(`http://127.0.0.1:${own['PROXY_PORT']}/`)).text();
  await until(/proxy \| \{.*"url":"\/"/);
  terminal.stdin.write('\u0003');
  assert.deepEqual(await once(terminal, 'close'), [0, null]);
  assert.match(out, /SIGINT: stopping\.[\s\S]*Stopped\.\r\n$/);
});
