// `counter up local` with a REDIS_URL uses that Redis, and neither starts nor stops one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { cli } from './cli.ts';
import { connect, startCounter } from './cluster.ts';
import { localEnvironment, startLocal } from './local.ts';

test('it holds the hits, and outlives the cluster', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const { up, env, state } = await startLocal(t, { REDIS_URL: redis.url });
  await up.line(new RegExp(`^Redis is ${redis.url}, as REDIS_URL says\\.$`));
  assert.deepEqual(
    (await state()).processes.map(({ name }) => name),
    ['web1', 'web2', 'web3', 'proxy'],
  );
  await cli(['hit', '-n', '9'], { env });
  assert.equal(await up.stop('SIGTERM'), 0);
  const client = connect(t, redis.url);
  assert.equal(await client.get('requests'), '9');
});

test('its password is in a file', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t, { args: ['--requirepass', 'secret'] });
  const file = join(await temporaryFolder(t, 'secret'), 'password');
  await writeFile(file, 'secret\n');
  const { up, env } = await startLocal(t, { REDIS_URL: redis.url, REDIS_PASSWORD_FILE: file });
  assert.match((await cli(['hit', '-n', '3'], { env })).out, /exact$/m);
  assert.equal(await up.stop('SIGTERM'), 0);
});

test('a file for its password that cannot be used is refused before anything is started', async (t) => {
  const env = { ...(await localEnvironment(t)), PATH: '', REDIS_PASSWORD_FILE: '/none' };
  for (const [REDIS_URL, sentence] of [
    ['redis://127.0.0.1:1', /^REDIS_PASSWORD_FILE="\/none" cannot be used: there is no such file\./],
    ['redis://:secret@127.0.0.1:1', /^REDIS_PASSWORD_FILE="\/none" cannot be used: REDIS_URL has a password already\./],
  ] as const) {
    const up = startCounter(t, ['up', 'local'], { ...env, REDIS_URL });
    const [code] = await once(up.child, 'close');
    assert.equal(code, 2);
    assert.match(up.lines.join('\n'), sentence);
  }
});
