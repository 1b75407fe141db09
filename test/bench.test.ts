// The benchmark itself, in small: three contestants, one round. What it measures is not judged here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { measureKept } from '../bench/connections.ts';
import { bare, oneReplica } from '../bench/contestants/alone.ts';
import { containerCounter } from '../bench/contestants/container-counter.ts';
import { CHART, DOCUMENT, documentOf, measuredLast } from '../bench/document.ts';
import { environment } from '../bench/environment.ts';
import { profile } from '../bench/profile.ts';
import { runRounds } from '../bench/rounds.ts';
import { SCENARIOS, type Scenario } from '../bench/scenarios.ts';
import { ratioOf, spreadOf } from '../bench/statistics.ts';

test('a short run', { skip: noRedis() }, async () => {
  const scenario = SCENARIOS[0] as Scenario;
  const said: string[] = [];
  const contestants = [containerCounter, oneReplica, bare];
  const runOptions = { rounds: 1, seconds: 1, warmUp: 1 };
  const rounds = await runRounds(contestants, scenario, runOptions, (line) => said.push(line));

  assert.equal(said.length, contestants.length);
  for (const { name, proxy } of contestants) {
    const [one] = rounds[name] ?? [];
    assert.ok(one && one.requests > 0 && one.failed === 0, name);
    assert.ok(one.p50 > 0 && one.p50 <= one.p99 && one.p99 <= one.p999, name);
    assert.ok(one.cpu.replicas > 0 && one.cpu.redis > 0 && one.cpu.proxy > 0 === (proxy !== undefined), name);
    // What was in flight when the load, or the one before it, ended was counted without a response.
    assert.ok(Math.abs(one.miscounted) <= 2 * scenario.connections, `${name}: ${one.miscounted} hits more`);
  }
  const run = { environment: environment(), command: 'this test' };
  const kept = { [containerCounter.name]: [await measureKept(containerCounter, 100)] };
  const speed = { ...run, runOptions, scenarios: [{ scenario, rounds }], kept };
  const { document, chart } = documentOf({ speed, profile: { ...run, ...(await profile(containerCounter, 2)) } });
  assert.match(document, /^\| this project \| [1-9]\d*\.\d % \| [1-9]\d*\.\d % \|$/m); // hits no longer go through undici
  assert.match(document, /^\| ioredis \| 0\.0 % \| [1-9]\d*\.\d % \|$/m);
  assert.match(document, /^\| memory of the proxy per open connection: at most 12 KB \| -?\d+\.\d\d /m); // of so few, less than other memory gives back
  for (const { name } of contestants) {
    assert.match(document, new RegExp(`^\\| ${name} \\| \\d+ \\|`, 'm'));
    assert.match(chart ?? '', new RegExp(`>${name}</text>`));
  }
});

test('docs/performance.md and its chart are what was measured last', () => {
  const { document, chart } = documentOf(measuredLast());
  assert.equal(readFileSync(DOCUMENT, 'utf8'), document);
  assert.equal(readFileSync(CHART, 'utf8'), chart);
});

test('spreads and ratios', () => {
  assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.deepEqual(spreadOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
  assert.deepEqual(ratioOf([2, 9, 4], [1, 3, 4]), { median: 2, min: 1, max: 3 });
});
