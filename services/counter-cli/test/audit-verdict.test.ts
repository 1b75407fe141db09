// The verdict of an audit finds every way in which hits and numbers can differ.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIncidents, type Incident } from '../src/audit/incidents.ts';
import type { FaultKind } from '../src/audit/kinds.ts';
import { createLedger } from '../src/audit/ledger.ts';
import { judge } from '../src/audit/verdict.ts';

const BEFORE = 100;

const found = (numbers: readonly unknown[], after: number, incidents: readonly Incident[] = [], stored = after) => {
  const ledger = createLedger(BEFORE, 2); // grows
  for (const number of numbers) ledger.note(number);
  const moved = { before: BEFORE, after, stored: { requests: stored, byReplicas: after } };
  const { good, checks } = judge(ledger.close(after), moved, incidents);
  const bad = checks.filter(({ value }) => value > 0).map(({ name, value }) => `${name.split(/[:,]/)[0]} ${value}`);
  assert.equal(
    good,
    checks.every(({ value, required }) => value === 0 || !required),
  );
  return bad;
};

const incident = (kind: FaultKind, exact: boolean): Incident => {
  const incidents = createIncidents();
  incidents.begin({ kind, at: 1, victim: 0 });
  incidents.failedAttempt('503', true);
  if (!exact) incidents.unacknowledged();
  return incidents.all()[1] as Incident;
};

for (const [what, numbers, after, expected] of [
  ['exact', [102, 101, 103], 103, []],
  ['exact, many', Array.from({ length: 5000 }, (_, i) => BEFORE + 5000 - i), BEFORE + 5000, []],
  ['lost', [101, 102, 103], 102, ['lost 1', 'numbers outside the counted range 1']],
  ['double', [101, 103], 103, ['double 1', 'numbers that no client received 1']],
  ['told twice', [101, 101], 101, ['lost 1', 'numbers received twice 1']],
  ['told twice, and a gap', [101, 101], 102, ['numbers received twice 1', 'numbers that no client received 1']],
  ['from before', [100, 101], 102, ['numbers that no client received 1', 'numbers outside the counted range 1']],
  ['no number', [undefined, 102], 102, ['numbers that no client received 1', 'numbers outside the counted range 1']],
] as const) {
  test(what, () => assert.deepEqual(found(numbers, after), expected));
}

test('Redis holds something else than the counter says', () => {
  assert.deepEqual(found([101], 101, [], 102), [
    'difference between Redis and the counter 1',
    'difference between the sum of the replicas and all hits 1',
  ]);
});

test('failed first attempts are bad for a replica, and only reported for Redis and the proxy', () => {
  assert.deepEqual(found([101], 101, [incident('scale', true)]), ['errors without --exact 1']);
  for (const kind of ['kill-redis', 'kill-proxy'] as const) {
    const { good } = judge(
      { acknowledged: 1, duplicates: 0, gaps: 0, outside: 0 },
      { before: 0, after: 1, stored: { requests: 1, byReplicas: 1 } },
      [incident(kind, true)],
    );
    assert.equal(good, true);
  }
});

test('a request without a number is an error, whether it was counted or not', () => {
  const errors = ['errors with --exact 1', 'errors without --exact 1'];
  assert.deepEqual(found([101], 101, [incident('kill-redis', false)]), errors);
  assert.deepEqual(found([101], 102, [incident('kill-redis', false)]), errors);
});
