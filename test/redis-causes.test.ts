// What is wrong with a Redis: `counter why` says it, for every cause, and the cure that it names works.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import test from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { readAim } from '@container-counter/network/why/target';
import { diagnose, type Why } from '@container-counter/network/why/why';
import { start } from '@container-counter/testing/process';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { Redis } from 'ioredis';
import { REDIS_CAUSES } from './support/redis-causes.ts';

const MAIN = new URL('../packages/network/src/why/main.ts', import.meta.url).pathname;

// A process of its own where it needs variables that Node reads at its start.
const why = async (t: TestContext, url: string, env: Readonly<Record<string, string>> = {}): Promise<Why> =>
  Object.keys(env).length === 0
    ? diagnose(readAim(url, {}), {})
    : (JSON.parse(await start(t, process.execPath, [MAIN, 'why', '--json', url], env).line(/^\{/)) as Why);

for (const [name, { kind, make }] of Object.entries(REDIS_CAUSES)) {
  test(`${name}: ${kind}`, { skip: noRedis(), timeout: 60_000 }, async (t) => {
    const cause = await make(t);
    if (typeof cause === 'string') {
      t.skip(cause);
      return;
    }
    const { url, env, cure } = cause;
    const { failure } = await why(t, url, env);
    assert.equal(failure?.kind, kind, failure?.sentence ?? 'it can count');
    const changed = await cure();
    const cured = await why(t, changed?.url ?? url, { ...env, ...changed?.env });
    assert.deepEqual([cured.failure?.sentence, cured.reachable], [undefined, true]);
  });
}

test('a Redis that may evict counts is reachable, with a warning until it may not', { skip: noRedis() }, async (t) => {
  const { url, port } = await startRedis(t, { args: ['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru'] });
  const { reachable, warnings } = await why(t, url);
  assert.deepEqual([reachable, warnings.map(({ kind }) => kind)], [true, ['eviction']]);
  const redis = new Redis(port);
  t.after(() => redis.disconnect());
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  assert.deepEqual((await why(t, url)).warnings, []);
});

test('nothing is wrong with the embedded Redis of local mode', async (t) => {
  const main = new URL('../services/counter-cli/src/local/embedded-redis.ts', import.meta.url).pathname;
  const port = await freePort();
  await start(t, process.execPath, [main, `${port}`]).line(/./);
  const { failure, reachable, warnings } = await why(t, `redis://127.0.0.1:${port}`);
  assert.deepEqual([failure?.sentence, reachable, warnings], [undefined, true, []]);
});
