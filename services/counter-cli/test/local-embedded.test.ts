// `counter up local` where no Redis is installed: the embedded one counts too, and says that it keeps nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from './cli.ts';
import { startLocal } from './local.ts';

test('an empty path', async (t) => {
  const { up, env } = await startLocal(t, { PATH: '/nonexistent' });
  await up.line(/^Redis is the embedded js-redis-server, .* Its data is lost when it stops\.$/);
  const { code, out } = await cli(['hit', '-n', '30', '-c', '3'], { env });
  assert.match(out, /from 0 to 30: 30 hits, 30 acknowledged: exact$/m);
  assert.equal(code, 0);
  for (const name of ['web1', 'web2', 'web3']) assert.match(out, new RegExp(`^${name} .* 10 `, 'm'));

  const keys = await cli(['keys'], { env });
  assert.match(keys.out, /^requests +string +30 /m);
  // A hit belongs to the window of its moment, so that thirty of them may stand in two.
  const seen = [...keys.out.matchAll(/^seen:\d +hash +(\d+) fields +(?:60|5\d) s /gm)];
  assert.equal(
    seen.reduce((sum, [, fields]) => sum + Number(fields), 0),
    30,
  );
  const reset = await cli(['reset', '--yes'], { env });
  assert.match(reset.out, /^deleted counters, ip, requests, seen:\d/);
  assert.equal((await cli(['counts'], { env })).out, 'no hits yet\n');
  assert.equal(await up.stop('SIGTERM'), 0);
});
