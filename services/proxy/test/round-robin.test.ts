// Whose turn it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, createRoundRobin } from '../src/forward/round-robin.ts';

type Named = Candidate & { readonly name: string };
const named = (name: string, healthy = true): Named => ({ name, healthy });
const nobody: ReadonlySet<Named> = new Set();
const [a, b, c] = [named('a'), named('b'), named('c')];

/** The names of those who get the next turns. */
const turns = (pick: ReturnType<typeof createRoundRobin>, candidates: readonly Named[], count: number) =>
  Array.from({ length: count }, () => pick(candidates, nobody)?.name).join('');

test('turns are equal and in order, the first to the first', () => {
  assert.equal(turns(createRoundRobin(), [a, b, c], 9), 'abcabcabc');
});

test('the turn of one that is out goes to the next', () => {
  const pick = createRoundRobin();
  assert.equal(turns(pick, [a, named('b', false), c], 4), 'acac');
  assert.equal(turns(pick, [a, b, c], 3), 'abc');
});

test('the turn of one that was tried goes to the next, until all were', () => {
  const pick = createRoundRobin();
  const tried = new Set<Named>();
  const order = [1, 2, 3].map(() => {
    const picked = pick([a, b, c], tried) as Named;
    tried.add(picked);
    return picked.name;
  });
  assert.deepEqual(order, ['a', 'b', 'c']);
  assert.equal(pick([a, b, c], tried), undefined);
});

test('nobody is picked when nobody is healthy or there is nobody, and turns go on after that', () => {
  const pick = createRoundRobin();
  let asked = 0;
  const dead = ['a', 'b', 'c'].map((name) => ({
    name,
    get healthy() {
      asked += 1;
      return false;
    },
  }));
  assert.equal(pick(dead, nobody), undefined);
  assert.equal(asked, 3);
  assert.equal(pick([], nobody), undefined);
  assert.equal(turns(pick, [a, b, c], 4), 'abca');
});

test('the list may shrink and grow between turns', () => {
  const pick = createRoundRobin();
  assert.equal(turns(pick, [a, b, c], 2), 'ab');
  assert.equal(turns(pick, [a], 2), 'aa');
  assert.equal(turns(pick, [a, b, c], 6).split('').sort().join(''), 'aabbcc');
});
