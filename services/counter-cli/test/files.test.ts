// A file or folder that is not to be used is named in a sentence, without a stack.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from './cli.ts';

const env = { PATH: '', LOCAL_DATA: '/dev/null/data' };

for (const [args, code, err] of [
  [['down', 'local'], 1, /^\/dev\/null\/data\/local\.json cannot be used: ENOTDIR: not a directory, lstat '.*'\.\n$/],
  [['lab', 'check', '/dev'], 2, /^No such lesson: \/dev\. "counter lab list" shows them all\.\n$/],
] as const) {
  test(`counter ${args.join(' ')}`, async () => {
    const ended = await cli(args, { env });
    assert.match(ended.err, err);
    assert.deepEqual([ended.code, ended.out], [code, '']);
  });
}
