// The cases again, at a replica and at a replica behind the proxy: a hit is counted for each response with a number, no more.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { TOPICS } from './cases/all.ts';
import { type Case, get } from './support/case.ts';
import { type Conversation, converse, STILL_THERE } from './support/converse.ts';
import { each } from './support/pool.ts';
import { QUICK_LIMITS } from './support/servers.ts';

const startWeb = async (t: TestContext): Promise<Service> =>
  startService(t, 'web', { REDIS_URL: (await startRedis(t)).url, INSTANCE: 'web1', TRUSTED_PROXIES: 'loopback' });

const isFurther = ({ body }: { body: string }): boolean => body.startsWith(`There is nothing at ${STILL_THERE}.`);

/** Sends all `cases` to `port`, and passes each outcome to `judge`. @returns how many hits were acknowledged */
const sendAll = async (port: number, cases: readonly Case[], judge: (tried: Case, got: Conversation) => void) => {
  const hits: string[] = [];
  await each(cases, 20, async (tried) => {
    const got = await converse(port, tried.bytes, isFurther).catch((cause) => {
      throw new Error(tried.name, { cause });
    });
    hits.push(...(got.received.match(/^hit \d+ served by web1 \(/gm) ?? []));
    judge(tried, got);
  });
  return hits.length;
};

const countsOf = async (web: Service): Promise<{ requests: number; clients: Record<string, number> }> =>
  (await (await fetch(`${web.url}/counts`)).json()) as never;

const CASES = Object.values(TOPICS).flat();

test('a replica behind the proxy', { skip: noRedis() }, async (t) => {
  const web = await startWeb(t);
  const proxy = await startService(t, 'proxy', { UPSTREAMS: `127.0.0.1:${web.port}`, ...QUICK_LIMITS });
  await proxy.line(/"message":"upstream is healthy"/);
  const hits = await sendAll(proxy.port, CASES, ({ name, expected }, { received }) => {
    const smuggled = expected.seen.filter((target) => target === 'GET /smuggled').length;
    assert.equal(received.match(/There is nothing at \/smuggled/g)?.length ?? 0, smuggled, name);
  });
  const { requests, clients } = await countsOf(web);
  assert.equal(requests, hits);
  assert.deepEqual(clients, { '127.0.0.1': hits }, 'whoever they said they were');
});

test('a replica', { skip: noRedis() }, async (t) => {
  const web = await startWeb(t);
  // Its limits are wide and no settings; the proxy before it has cut what is too large or never comes to its end.
  const quick = CASES.filter(({ expected }) => !expected.statuses.some((status) => [408, 413, 431].includes(status)));
  let unacknowledged = 0;
  const hits = await sendAll(web.port, quick, ({ name, expected }, { responses }) => {
    assert.ok(!responses.some(({ status }) => status >= 500 && status !== 505), name);
    const due = expected.seen.filter((target) => target === 'GET /').length;
    unacknowledged += Math.max(0, due - responses.filter(({ body }) => body.startsWith('hit ')).length);
  });
  const { requests } = await countsOf(web);
  // Without the proxy, garbage behind a request costs the response of a hit that was counted already.
  assert.ok(
    requests >= hits && requests <= hits + unacknowledged,
    `${requests} hits, ${hits} acknowledged, ${unacknowledged} lost`,
  );
  assert.equal(web.child.exitCode, null);
  assert.match((await converse(web.port, get(), isFurther)).responses[0]?.body ?? '', /^hit \d+ served by web1/);
});
