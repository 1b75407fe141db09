// What is wrong with a Redis: the response of a replica, its readiness, its log and `counter why` say the same of every
// cause, and the replica counts as soon as the cure was carried out.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { start } from '@container-counter/testing/process';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { parseDestination } from '@container-counter/why/destination';
import { diagnose, type Why } from '@container-counter/why/why';
import { Redis } from 'ioredis';
import { REDIS_CAUSES } from './support/redis-causes.ts';

const MAIN = new URL('../packages/why/src/main.ts', import.meta.url).pathname;

type Env = Readonly<Record<string, string>>;

// A process of its own where it needs variables that Node reads at its start.
const why = async (t: TestContext, url: string, env: Env = {}): Promise<Why> =>
  Object.keys(env).length === 0
    ? diagnose(parseDestination(url, {}), {})
    : (JSON.parse(await start(t, process.execPath, [MAIN, 'why', '--json', url], env).line(/^\{/)) as Why);

type Said = { readonly status: number; readonly detail: string; readonly reason: string };

const ask = async (url: string, path: string): Promise<Said> =>
  (await (await fetch(`${url}${path}`, { headers: { accept: 'application/json' } })).json()) as Said;

const startReplica = (t: TestContext, url: string, env: Env = {}) =>
  startService(t, 'web', { INSTANCE: 'web1', REDIS_URL: url, ...env });

for (const [name, { kind, make, unseen = [] }] of Object.entries(REDIS_CAUSES)) {
  test(`${name}: ${kind}`, { skip: noRedis(), timeout: 60_000 }, async (t) => {
    const cause = await make(t);
    if (typeof cause === 'string') {
      t.skip(cause);
      return;
    }
    const { url, env, cure } = cause;
    const replica = await startReplica(t, url, env);

    const hit = await ask(replica.url, '/');
    assert.deepEqual([hit.status, hit.reason], [503, kind], hit.detail);
    if (!unseen.includes('readyz')) {
      const { status, detail, reason } = await ask(replica.url, '/readyz');
      assert.deepEqual([status, reason, sentence(detail)], [503, kind, sentence(hit.detail)]);
    }
    const { failure } = await why(t, url, env);
    assert.deepEqual([failure?.kind, sentence(failure?.sentence)], [kind, sentence(hit.detail)]);

    await eventually(() => {
      const logged = replica.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.ok(
        logged.some(({ url }) => url === '/'),
        'the log is not whole yet',
      );
      const warnings = logged.filter(({ level, reason }) => level === 'warn' && reason !== 'eviction');
      const told = warnings.map(({ reason, message }) => [reason, message]);
      assert.deepEqual(told, kind === 'closed' ? [] : [[kind, hit.detail]]);
    });

    const changed = await cure(redisCommandIn(failure));
    const curedUrl = changed?.url ?? url;
    const curedEnv = { ...env, ...changed?.env };
    const cured = changed === undefined ? replica : await startReplica(t, curedUrl, curedEnv);
    await eventually(async () => assert.equal((await fetch(`${cured.url}/readyz`)).status, 200));
    assert.equal((await fetch(cured.url)).status, 200);
    const { failure: left, reachable } = await why(t, curedUrl, curedEnv);
    assert.deepEqual([left?.sentence, reachable], [undefined, true]);
    for (const line of [...replica.lines, ...cured.lines]) JSON.parse(line);
  });
}

// The last that is named: those before it only look.
const redisCommandIn = (failure: Why['failure']): string[] => {
  const named = [failure?.sentence ?? '', ...(failure?.remedies ?? []).map(({ command }) => `${command}.`)];
  const commands = named.flatMap((text) => /redis-cli (.+?)(?:, or |\.$|\. )/.exec(text)?.[1] ?? []);
  return (commands.at(-1) ?? '').replaceAll("'", '').split(' ');
};

// Which command of several was the first to be refused is not the same for a hit and a question.
const sentence = (text?: string): string | undefined =>
  text?.replace(/ \((ERR|NOPERM|ACL|this user|The user)[^)]*\)/, '');

test('a Redis that may evict counts serves, and the log and counter why warn of it until it may not', {
  skip: noRedis(),
}, async (t) => {
  const { url, port } = await startRedis(t, { args: ['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru'] });
  const replica = await startReplica(t, url);
  assert.equal((await fetch(replica.url)).status, 200);
  const { reachable, warnings } = await why(t, url);
  assert.deepEqual([reachable, warnings.map(({ kind }) => kind)], [true, ['eviction']]);
  await replica.line(/"url":"\/"/); // by then the warning is in the log
  const logged = replica.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = logged.flatMap(({ level, reason, message }) => (level === 'warn' ? [[reason, message]] : []));
  assert.deepEqual(told, [['eviction', warnings[0]?.sentence]]);
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
