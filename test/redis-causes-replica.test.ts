// What is wrong with a Redis: the replica's response, its readiness and its log say the same, in JSON lines alone, and it
// counts as soon as the cure was carried out.
import assert from 'node:assert/strict';
import test from 'node:test';
import { failureOf, Unreachable } from '@container-counter/network/failure';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { REDIS_CAUSES } from './support/redis-causes.ts';

type Said = { readonly status: number; readonly detail: string; readonly reason: string };

for (const [name, { kind, make }] of Object.entries(REDIS_CAUSES)) {
  test(`${name}: ${kind}`, { skip: noRedis(), timeout: 60_000 }, async (t) => {
    const cause = await make(t);
    if (typeof cause === 'string') {
      t.skip(cause);
      return;
    }
    const replica = await startService(t, 'web', { INSTANCE: 'web1', REDIS_URL: cause.url, ...cause.env });
    const ask = async (url: string, path: string): Promise<Said> =>
      (await (await fetch(`${url}${path}`, { headers: { accept: 'application/json' } })).json()) as Said;

    const hit = await ask(replica.url, '/');
    assert.deepEqual([hit.status, hit.reason], [503, kind], hit.detail);
    const text = await fetch(`${replica.url}/readyz`);
    assert.deepEqual([text.status, await text.text()], [503, `${hit.detail}\n`]);

    const { hostname: host, port } = new URL(cause.url);
    const target = { what: 'Redis', host, port: Number(port) };
    const sentence = failureOf(new Unreachable(kind), target).sentence;
    assert.equal(hit.detail.slice(0, 40), sentence.slice(0, 40));

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

    const changed = await cause.cure();
    const cured =
      changed === undefined
        ? replica
        : await startService(t, 'web', {
            INSTANCE: 'web1',
            REDIS_URL: changed.url ?? cause.url,
            ...cause.env,
            ...changed.env,
          });
    await eventually(async () => assert.equal((await fetch(`${cured.url}/readyz`)).status, 200));
    assert.equal((await fetch(cured.url)).status, 200);
    for (const line of [...replica.lines, ...cured.lines]) JSON.parse(line);
  });
}
