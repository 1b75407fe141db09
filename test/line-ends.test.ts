// A clone made with core.autocrlf, as Git for Windows sets it up, has the same bytes as any other.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

const ROOT = new URL('..', import.meta.url).pathname;

test('a clone with autocrlf has no carriage returns: not in shebangs, nor in what goes into the images', async (t) => {
  const clone = await temporaryFolder(t, 'clone');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' });
  git('clone', '--quiet', '--config', 'core.autocrlf=true', ROOT, '.');
  const files = git('ls-files').trim().split('\n');
  const programs = files.filter((file) => readFileSync(join(clone, file)).subarray(0, 2).toString() === '#!');
  assert.ok(programs.includes('tools/test') && programs.includes('services/counter-cli/src/main.ts'), `${programs}`);
  const changed = git('ls-files', '--eol')
    .split('\n')
    .filter((line) => / w\/(?:crlf|mixed) /.test(line));
  assert.deepEqual(changed, []);
  for (const file of programs) assert.doesNotMatch(readFileSync(join(clone, file), 'utf8'), /\r/, file);
});
