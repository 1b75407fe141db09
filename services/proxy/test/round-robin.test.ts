// Round robin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, createRoundRobin } from '../src/forward/round-robin.ts';

type Named = Candidate & { readonly name: string };
const named = (name: string, healthy = true): Named => ({ name, healthy });
const nobody: ReadonlySet<Named> = new Set();
const [a, b, c] = [named('a'), named('b'), named('c')];

/** The names of the next ones selected. */
const selections = (pick: ReturnType<typeof createRoundRobin>, candidates: readonly Named[], count: number) =>
  Array.from({ length: count }, () => pick(candidates, nobody)?.name).join('');

test('selects in order, starting with the first', () => {
  assert.equal(selections(createRoundRobin(), [a, b, c], 9), 'abcabcabc');
});

test('skips an unhealthy one', () => {
  const pick = createRoundRobin();
  assert.equal(selections(pick, [a, named('b', false), c], 4), 'acac');
  assert.equal(selections(pick, [a, b, c], 3), 'abc');
});

test('skips upstreams with an attempt, until all had one', () => {
  const pick = createRoundRobin();
  const tried = new Set<Named>();
  const order = [1, 2, 3].map(() => {
    const selected = pick([a, b, c], tried) as Named;
    tried.add(selected);
    return selected.name;
  });
  assert.deepEqual(order, ['a', 'b', 'c']);
  assert.equal(pick([a, b, c], tried), undefined);
});

test('selects none if none is healthy or the list is empty, and continues after that', () => {
  const pick = createRoundRobin();
  let requested = 0;
  const dead = ['a', 'b', 'c'].map((name) => ({
    name,
    get healthy() {
      requested += 1;
      return false;
    },
  }));
  assert.equal(pick(dead, nobody), undefined);
  assert.equal(requested, 3);
  assert.equal(pick([], nobody), undefined);
  assert.equal(selections(pick, [a, b, c], 4), 'abca');
});

test('the list may shrink and grow between selections', () => {
  const pick = createRoundRobin();
  assert.equal(selections(pick, [a, b, c], 2), 'ab');
  assert.equal(selections(pick, [a], 2), 'aa');
  assert.equal(selections(pick, [a, b, c], 6).split('').sort().join(''), 'aabbcc');
});
