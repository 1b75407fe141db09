// Colours, blocks and the progress bar are for terminals; NO_COLOR takes the colours away, TERM=dumb the bar, too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { cli } from './cli.ts';
import { borrowCluster } from './cluster.ts';

const CYAN = '\u001b[36m';
const PROGRESS = /hits .*\/20, /;

test('the same run in four places', { skip: noRedis() }, async (t) => {
  const { env } = await borrowCluster(t);
  const args = ['hit', '-n', '20'];

  const terminal = await cli(args, { env, terminal: true });
  assert.ok(terminal.out.includes(CYAN));
  assert.match(terminal.out, PROGRESS);
  assert.match(terminal.out, /█{24}/);

  const plain = await cli(args, { env: { ...env, NO_COLOR: '1' }, terminal: true });
  assert.ok(!plain.out.includes(CYAN));
  assert.match(plain.out, PROGRESS);

  const dumb = await cli(args, { env: { ...env, TERM: 'dumb' }, terminal: true });
  assert.ok(!dumb.out.includes('\u001b'), dumb.out);
  assert.doesNotMatch(dumb.out, PROGRESS);

  const file = await cli(args, { env });
  assert.doesNotMatch(file.out, /[^\x20-\x7e\n]/);
  assert.doesNotMatch(file.out, PROGRESS);
});
