// Sentences end at the edge of the terminal, of whatever width; commands to copy, and what goes into a file, are not folded.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { cli } from './cli.ts';

const COUNTER = new URL('../src/main.ts', import.meta.url).pathname;
const noScript = () => spawnSync('script', ['--version']).status !== 0 && 'there is no program called script';
const unfolded = (text: string) => text.replace(/\s+/g, ' ').trim();

for (const columns of [50, 80]) {
  test(`counter why in ${columns} columns`, { skip: noScript() }, async () => {
    const command = `stty cols ${columns}; exec ${process.execPath} ${COUNTER} why 127.0.0.1:1`;
    const { promise, resolve } = Promise.withResolvers<string>();
    const env = { ...process.env, PATH: '/usr/bin:/bin', DOCKER_HOST: 'unix:///nowhere' };
    execFile('script', ['--quiet', '--command', command, '/dev/null'], { env }, (_, out) => resolve(out)).stdin?.end();
    const lines = (await promise).split('\r\n');
    assert.ok(Math.max(...lines.map((line) => line.length)) <= columns, lines.join('\n'));
    const { out } = await cli(['why', '127.0.0.1:1'], { env: { PATH: '', DOCKER_HOST: 'unix:///nowhere' } });
    assert.ok(
      out.split('\n').some((line) => line.length > 80),
      out,
    );
    assert.equal(unfolded(lines.join('\n')), unfolded(out));
  });
}
