// Fuzzing: generated requests from clients that leave in every way end neither the proxy nor a replica, make neither
// hang, and leave nothing behind. `STORM_SECONDS=60` makes each of these storms last a minute.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { get } from './support/case.ts';
import { converse, STILL_THERE } from './support/converse.ts';
import { assertServes, serveMeanwhile } from './support/ordinary.ts';
import type { Recorder } from './support/recorder.ts';
import { QUICK_LIMITS, startOurs } from './support/servers.ts';
import { STORM_MS, seedOf, storm } from './support/storm.ts';
import { valuesOf } from './support/strict-request.ts';
import { ASKABLE, assertGivenBack, assertStopped, assertSurvived, holdingsOf } from './support/survival.ts';
import { noProc } from './support/system.ts';

const WARM_UP_MS = 1500;
const FEW_FILES = 64;

/**
 * Storms at `service`, which must serve ordinary requests meanwhile, and hold no more afterwards than before.
 * @returns how many ordinary requests were served
 */
const stormAt = async (t: TestContext, service: Service, spareFiles: number): Promise<number> => {
  const seed = seedOf(t);
  const isServed = ({ body }: { body: string }): boolean => body !== '';
  await storm(service.port, { seed: seed + 1, ms: WARM_UP_MS });
  const before = await holdingsOf(service);
  const [sent, served] = await serveMeanwhile(service.port, storm(service.port, { seed, ms: STORM_MS }));
  assertSurvived(service, `after ${sent} requests with HOSTILE_SEED=${seed}`);
  await eventually(async () => {
    const { responses, open } = await converse(service.port, get(), isServed);
    assert.deepEqual([responses.map(({ status }) => status), open], [[200], true]);
  });
  const after = await assertGivenBack(service, before, spareFiles);
  t.diagnostic(`${sent} requests, ${served} ordinary ones served meanwhile`);
  t.diagnostic(`before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
  return served;
};

const startWeb = async (t: TestContext, files?: number): Promise<Service> => {
  const env = { REDIS_URL: (await startRedis(t)).url, INSTANCE: 'web1', ...ASKABLE };
  return startService(t, 'web', env, files === undefined ? {} : { files });
};

const startProxy = async (t: TestContext, port: number, files?: number): Promise<Service> => {
  const env = { UPSTREAMS: `127.0.0.1:${port}`, ...QUICK_LIMITS, ...ASKABLE };
  return startService(t, 'proxy', env, files === undefined ? {} : { files });
};

test('the proxy before an upstream', { skip: noProc }, async (t) => {
  const { port, recorder, program } = await startOurs(t, { ...QUICK_LIMITS, ...ASKABLE, LOG_LEVEL: 'info' });
  const proxy = { ...program, port, url: `http://127.0.0.1:${port}` };
  const served = await stormAt(t, proxy, 40);
  assert.deepEqual(recorder.malformed, []);
  const ordinary = recorder.requests.filter(({ target }) => target === '/').length;
  assert.ok(ordinary >= served, `${ordinary} ordinary requests came, and ${served} were served`);
  const raging = recorder.requests.filter(({ target }) => target !== '/' && target !== STILL_THERE).length;
  assert.ok(raging > 0, 'nothing of the storm came');
  await eventually(() => assert.deepEqual(unknownOf(recorder, program.lines), []));
  const foreign = recorder.requests.filter(({ fields }) => valuesOf(fields, 'x-forwarded-for').join() !== '127.0.0.1');
  assert.deepEqual(foreign, []);
  await assertStopped(proxy, 'after the storm');
});

/** The ids of requests at the upstream that the proxy did not make: one that it makes stands in its log once. */
const unknownOf = (recorder: Recorder, lines: readonly string[]): string[] => {
  const open = new Map<string, number>();
  const count = (id: string, by: number) => open.set(id, (open.get(id) ?? 0) + by);
  for (const { fields } of recorder.requests) {
    if (valuesOf(fields, 'x-attempt').length === 0) count(valuesOf(fields, 'x-request-id').join(), 1);
  }
  for (const line of lines) count(JSON.parse(line).requestId ?? '', -1);
  return [...open].filter(([, times]) => times > 0).map(([id]) => id);
};

test('a replica', { skip: noProc || noRedis() }, async (t) => {
  const web = await startWeb(t);
  await stormAt(t, web, 10);
  await assertStopped(web, 'after the storm');
});

test('the proxy before a replica', { skip: noProc || noRedis() }, async (t) => {
  const web = await startWeb(t);
  const proxy = await startProxy(t, web.port);
  await proxy.line(/"message":"upstream is healthy"/);
  await stormAt(t, proxy, 40);
  assertSurvived(web, 'the replica behind it');
  await assertStopped(proxy, 'after the storm');
  await assertStopped(web, 'after the storm');
});

test('the proxy without any upstream', { skip: noProc }, async (t) => {
  const seed = seedOf(t);
  const proxy = await startProxy(t, await freePort());
  const before = await holdingsOf(proxy);
  await storm(proxy.port, { seed, ms: STORM_MS });
  assertSurvived(proxy, `with HOSTILE_SEED=${seed}`);
  await assertGivenBack(proxy, before, 10);
  await assertStopped(proxy, 'after the storm');
});

for (const name of ['proxy', 'web'] as const) {
  test(`${name}: it is told to stop in a storm`, { skip: noRedis() }, async (t) => {
    const seed = seedOf(t);
    const until = performance.now() + STORM_MS;
    const web = await startWeb(t);
    for (let round = 0; round === 0 || performance.now() < until; round += 1) {
      const stopped = name === 'web' ? await startWeb(t) : await startProxy(t, web.port);
      const ended = new AbortController();
      const raging = storm(stopped.port, { seed: seed + round, ms: 60_000, clients: 64, signal: ended.signal });
      await stopped.line(/"message":"(?:request|rejected input|upgrade)"/);
      await assertStopped(stopped, `in round ${round} with HOSTILE_SEED=${seed}`);
      ended.abort();
      await raging;
    }
    assertSurvived(web, 'the replica behind it');
  });

  test(`${name}: with few file descriptors`, { skip: noProc || noRedis() }, async (t) => {
    const seed = seedOf(t);
    const web = await startWeb(t, name === 'web' ? FEW_FILES : undefined);
    const scarce = name === 'web' ? web : await startProxy(t, web.port, FEW_FILES);
    await eventually(() => assertServes(scarce.port));
    const before = await holdingsOf(scarce);
    await storm(scarce.port, { seed, ms: STORM_MS, clients: 200 });
    assertSurvived(scarce, `with HOSTILE_SEED=${seed}`);
    await assertGivenBack(scarce, before, 10);
    await eventually(() => assertServes(scarce.port));
    await assertStopped(scarce, 'after the storm');
  });
}
