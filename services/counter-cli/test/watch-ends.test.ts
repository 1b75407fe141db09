// `counter watch` ends when nobody reads it any more, on Ctrl-C whatever the counter does, and on a second one with the
// terminal as it was.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startServer } from '@container-counter/testing/listening';
import { start } from '@container-counter/testing/process';
import { noRedis } from '@container-counter/testing/redis';
import { startCluster, startCounter } from './cluster.ts';

test('its reader exits, as in counter watch | head -1', { skip: noRedis() }, async (t) => {
  const { web, env } = await startCluster(t);
  const main = new URL('../src/main.ts', import.meta.url).pathname;
  const watch = spawn(process.execPath, [main, 'watch'], { env: { ...process.env, ...env } });
  t.after(() => watch.kill('SIGKILL'));
  const closed = once(watch, 'close');
  await once(watch.stdout, 'data');
  watch.stdout.destroy();
  const hits = setInterval(() => void fetch(web.url).catch(() => {}), 200); // each is another line
  t.after(() => clearInterval(hits));
  assert.deepEqual(await closed, [0, null]);
});

test('Ctrl-C while the counter does not respond', async (t) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const port = await startServer(t, (socket) => socket.once('data', () => resolve()));
  const watch = startCounter(t, ['watch'], { COUNTER_URL: `http://127.0.0.1:${port}` });
  await asked;
  const begin = performance.now();
  assert.equal(await watch.stop('SIGINT'), 0);
  const seconds = (performance.now() - begin) / 1000;
  assert.ok(seconds < 10, `${seconds} s, as long as a response may take`);
});

test('a second signal ends a program at once, and its screen is left', async (t) => {
  const from = (file: string) => JSON.stringify(new URL(`../src/${file}`, import.meta.url).href);
  const script = `
    import { stopSignal } from ${from('stop-signal.ts')};
    import { openScreen } from ${from('watch/screen.ts')};
    stopSignal().then((signal) => console.log('first', signal));
    openScreen(process.stdout);
    setInterval(() => {}, 1000);
    console.log('open');`;
  const program = start(t, process.execPath, ['--input-type=module', '--eval', script]);
  await program.line(/open$/);
  program.child.kill('SIGINT');
  await program.line(/first SIGINT/);
  assert.equal(await program.stop('SIGINT'), 130);
  assert.equal(program.lines.at(-1), '\u001b[?25h\u001b[?1049l');
});
