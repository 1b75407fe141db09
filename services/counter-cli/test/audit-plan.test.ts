// The plan of an audit: which faults, when, and whom, by the seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KINDS } from '../src/audit/kinds.ts';
import type { Planned } from '../src/audit/plan.ts';
import { cli } from './cli.ts';

const plan = async (...args: string[]): Promise<Planned[]> => {
  const { code, out } = await cli(['audit', '--plan', ...args]);
  assert.equal(code, 0);
  return JSON.parse(out) as Planned[];
};

test('the same seed gives the same faults, and another seed others', async () => {
  assert.deepEqual(await plan('--seed', '7'), await plan('--seed', '7'));
  assert.notDeepEqual(await plan('--seed', '7'), await plan('--seed', '8'));
});

test('every kind comes once before any is repeated, spread over all requests', async () => {
  const faults = await plan('-n', '1000', '--count', '25');
  const kinds = faults.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 10).toSorted(), [...KINDS].sort());
  assert.deepEqual(kinds.slice(10, 20).toSorted(), [...KINDS].sort());
  assert.equal(new Set(kinds.slice(20)).size, 5);
  for (const [i, { at, victim }] of faults.entries()) {
    assert.ok(at >= i * 40 && at < (i + 1) * 40, `fault ${i} at ${at}`);
    assert.ok([0, 1, 2].includes(victim));
  }
  assert.equal(new Set(faults.map(({ victim }) => victim)).size, 3);
});

test('only the kinds that were named', async () => {
  const faults = await plan('--faults', 'kill-redis,scale', '--count', '4');
  assert.deepEqual(faults.map(({ kind }) => kind).toSorted(), ['kill-redis', 'kill-redis', 'scale', 'scale']);
});

test('a kind that does not exist is named', async () => {
  const { code, err } = await cli(['audit', '--faults', 'kill-redis,flood']);
  assert.equal(code, 2);
  assert.match(err, /Unknown fault "flood"\. Choose from kill-replica, .*kill-proxy\.\n/);
});
