// Whether a contestant responds as it must, before its speed is of interest.
import assert from 'node:assert/strict';
import { eventually } from '@container-counter/testing/eventually';
import type { Cluster } from './cluster.ts';
import type { Contestant } from './contestant.ts';
import type { Scenario } from './scenarios.ts';

const ROUNDS = 6;

/** @throws {AssertionError} when hits are not numbered one after the other, or the round robin is uneven */
export const assertCorrect = async ({ url }: Cluster, { proxy, name }: Contestant, scenario: Scenario) => {
  const first = await eventuallyHit(url);
  const served = new Map<string, number>();
  for (let i = 1; i <= ROUNDS * scenario.replicas; i += 1) {
    const { number, replica } = await hit(url);
    assert.equal(number, first + i, `${name} leaves out a number, or gives one twice`);
    served.set(replica, (served.get(replica) ?? 0) + 1);
  }
  if (!proxy) return;
  assert.equal(served.size, scenario.replicas, `${name} does not give every replica a turn`);
  // Each worker process of nginx has a round robin of its own, so the shares are only about equal.
  for (const [replica, hits] of served) assert.ok(hits >= ROUNDS / 3, `${name} selects ${replica} less often`);
};

const eventuallyHit = async (url: string): Promise<number> => {
  let number = 0;
  await eventually(async () => {
    number = (await hit(url)).number;
  });
  return number;
};

const hit = async (url: string): Promise<{ number: number; replica: string }> => {
  const response = await fetch(url);
  const body = await response.text();
  const [, number, replica = ''] = /^hit (\d+) served by (\S+) \(127\.0\.0\.1\)\n$/.exec(body) ?? [];
  assert.ok(response.ok && number !== undefined, `${url} responded with ${response.status}: ${body}`);
  return { number: Number(number), replica };
};
