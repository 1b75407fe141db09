// What `counter completion` prints completes commands, choices and options, in a real bash, and in a real zsh if there is one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { cli } from './cli.ts';

const CASES = [
  ['counter', 'wa', 'watch'],
  ['counter', 'lab ', 'list run check help'],
  ['counter help', 'comp', 'completion compare'],
  ['counter up', '', 'networks links local swarm'],
  ['counter up', '--d', '--detach'],
  ['counter down links', '--v', '--volumes'],
  ['counter hit', '', '--url --requests --concurrency --exact --json --help'],
  ['counter hit --exact', '--j', '--json'],
  ['counter hit --url', '', ''],
  ['counter lab run', '', ''],
  ['counter lab check labs/01-links.md', '--s', '--step'],
  ['counter --version', 'nothing', ''],
] as const;

for (const [shell, ask] of [
  ['bash', 'eval "$(cat)"; eval "$ASK"'],
  // zsh hands the same function its words by its own bashcompinit, as it does when somebody presses the key.
  ['zsh', 'eval "$(cat)"; emulate sh -c "$ASK"'],
] as const) {
  test(shell, { skip: spawnSync(shell, ['--version']).error !== undefined && `there is no ${shell}` }, async () => {
    const { code, out, err } = await cli(['completion', shell]);
    assert.deepEqual([code, err], [0, '']);
    for (const [before, current, expected] of CASES) {
      const words = [...before.split(' '), ...current.trimEnd().split(' '), ...(current.endsWith(' ') ? [''] : [])];
      const quoted = words.map((word) => `'${word}'`).join(' ');
      const ASK = `COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}; _counter; echo "\${COMPREPLY[*]}"`;
      const { stdout, stderr } = spawnSync(shell, ['-c', ask], {
        input: out,
        encoding: 'utf8',
        env: { ...process.env, ASK },
      });
      const offered = stdout.split(/\s+/).filter((word) => word.startsWith(words.at(-1) ?? '')); // zsh does so itself
      assert.deepEqual([offered.filter(Boolean).join(' '), stderr], [expected, ''], `${shell}: ${before} ${current}`);
    }
  });
}

test('another shell', async () => {
  const { code, err } = await cli(['completion', 'tcsh']);
  assert.deepEqual([code, /Allowed choices are bash, zsh\./.test(err)], [2, true]);
});
