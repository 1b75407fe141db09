// The log is buffered, and yet no line is lost: it is written soon, and at the latest when the process ends.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { start } from '@container-counter/testing/process';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

const program = (body: string): string[] => [
  '--input-type=module',
  '-e',
  `import { createLogger } from '${import.meta.resolve('@container-counter/service/log')}';
   const log = createLogger({ service: 'test' }, 'info');
   ${body}`,
];

const endings = {
  'the end of its work': '',
  'process.exit': 'process.exit(0);',
  'an error': "throw new Error('end');",
};

for (const [name, ending] of Object.entries(endings)) {
  test(`every line is there after ${name}`, () => {
    const body = `for (let i = 0; i < 1000; i++) log.info({ i }, 'line'); ${ending}`;
    const { stdout } = spawnSync(process.execPath, program(body), { encoding: 'utf8' });
    const seen = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).i);
    assert.deepEqual(seen, [...Array(1000).keys()]);
  });
}

test('a single line is written soon, while the process keeps running', async (t) => {
  const running = start(t, process.execPath, program("setInterval(() => {}, 60_000); log.info('here');"));
  const { time } = JSON.parse(await running.line(/"here"/));
  const ms = Date.now() - Date.parse(time);
  assert.ok(ms < 10_000, `it took ${ms} ms`); // 100, and what a busy machine adds
});

// A disk of its own, of 64 KiB, and the log in a file there.
const WITHIN = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), 'sh', '-c'];
const DISK = 'mount -t tmpfs -o size=64k none "$0" && cd "$0" && { "$@" >log; cat log; }';
const skip =
  spawnSync('unshare', [...WITHIN, DISK, tmpdir(), 'true']).status === 0
    ? false
    : 'no disk of its own can be mounted here (unshare --mount)';

test('what is logged while the disk is full is written once there is room', { skip }, async (t) => {
  const body = `const { rmSync, writeFileSync } = await import('node:fs');
    try { writeFileSync('fill', Buffer.alloc(2 ** 17)); } catch {}
    log.info({ filler: 'x'.repeat(20_000) }, 'full'); // more than is collected, so it is written at once
    rmSync('fill');
    log.info('room');`;
  const folder = await temporaryFolder(t, 'disk');
  const run = [...WITHIN, DISK, folder, process.execPath, ...program(body)];
  const { stdout, stderr } = spawnSync('unshare', run, { encoding: 'utf8' });
  const messages = stdout.match(/(?<="message":")\w+/g);
  assert.deepEqual(messages, ['full', 'room'], stderr);
});
