// Fuzzing: generated requests crash neither the proxy nor a replica, make neither hang, and leave nothing behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { openFiles, residentMemory } from '@container-counter/testing/processes';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { get } from './support/case.ts';
import { converse } from './support/converse.ts';
import { QUICK_LIMITS, startOurs } from './support/servers.ts';
import { seedOf, storm } from './support/storm.ts';
import { valuesOf } from './support/strict-request.ts';
import { connectionsOf, noProc } from './support/system.ts';

const WARM_UP_MS = 1500;
const STORM_MS = 5000;
const MOST_MEMORY = 150 * 2 ** 20; // what may come on top, in bytes; a leak of a request each would be more

test('generated requests to the proxy', { skip: noProc }, async (t) => {
  const seed = seedOf(t);
  const { port, recorder, program } = await startOurs(t, { ...QUICK_LIMITS, LOG_LEVEL: 'info' });
  const pid = program.child.pid as number;
  await storm(port, seed + 1, WARM_UP_MS);
  const [files, memory] = [openFiles([pid]), residentMemory([pid])];
  t.diagnostic(`${await storm(port, seed, STORM_MS)} requests`);

  assert.equal(program.child.exitCode, null, program.lines.slice(-20).join('\n'));
  const { answers, open } = await converse(port, get());
  assert.deepEqual([answers.map(({ status }) => status), open], [[200], true]);
  await eventually(() => assert.equal(connectionsOf(port), 0, 'connections that stayed'));
  assert.ok(openFiles([pid]) <= files + 40, `${openFiles([pid])} files are open, and before ${files}`);
  assert.ok(
    residentMemory([pid]) < memory + MOST_MEMORY,
    `${residentMemory([pid])} bytes are taken, and before ${memory}`,
  );

  // Each request at the upstream is one that the proxy made: it stands in the log, and says where it came from.
  assert.deepEqual(recorder.malformed, []);
  assert.ok(recorder.requests.length > 100);
  const times = (id: string | undefined, all: readonly (string | undefined)[]) =>
    all.filter((other) => other === id).length;
  const seen = recorder.requests.map(({ fields }) => valuesOf(fields, 'x-request-id').join());
  await eventually(() => {
    const logged = program.lines.map((line) => JSON.parse(line).requestId as string | undefined);
    const unknown = [...new Set(seen)].filter((id) => times(id, seen) > times(id, logged));
    assert.deepEqual(unknown, []);
  });
  const foreign = recorder.requests.filter(({ fields }) => valuesOf(fields, 'x-forwarded-for').join() !== '127.0.0.1');
  assert.deepEqual(foreign, []);
});

test('generated requests to a replica', { skip: noProc || noRedis() }, async (t) => {
  const seed = seedOf(t);
  const redis = await startRedis(t);
  const { port, program } = await startWeb(t, redis.url).then((service) => ({ port: service.port, program: service }));
  const pid = program.child.pid as number;
  await storm(port, seed + 1, WARM_UP_MS);
  const [files, memory] = [openFiles([pid]), residentMemory([pid])];
  t.diagnostic(`${await storm(port, seed, STORM_MS)} requests`);

  assert.equal(program.child.exitCode, null, program.lines.slice(-20).join('\n'));
  const { answers } = await converse(port, get(), ({ status }) => status === 404);
  assert.match(answers[0]?.body ?? '', /^hit \d+ served by web1/);
  await eventually(() => assert.equal(connectionsOf(port), 0, 'connections that stayed'));
  assert.ok(openFiles([pid]) <= files + 10, `${openFiles([pid])} files are open, and before ${files}`);
  assert.ok(
    residentMemory([pid]) < memory + MOST_MEMORY,
    `${residentMemory([pid])} bytes are taken, and before ${memory}`,
  );
  const unforeseen = program.lines.filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual(unforeseen, []);
});

const startWeb = (t: import('node:test').TestContext, redisUrl: string) =>
  startService(t, 'web', { REDIS_URL: redisUrl, INSTANCE: 'web1' });
