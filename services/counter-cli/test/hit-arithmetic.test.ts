// The judgements of `counter hit`: percentiles, and whether the counter moved exactly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyOf } from '../src/hit/tally.ts';
import { judge } from '../src/hit/verdict.ts';

const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

for (const [ascending, expected] of [
  [[], undefined],
  [[7], { min: 7, p50: 7, p90: 7, p99: 7, max: 7 }],
  [[1, 2], { min: 1, p50: 1, p90: 2, p99: 2, max: 2 }],
  [hundred, { min: 1, p50: 50, p90: 90, p99: 99, max: 100 }],
  [[0.12345], { min: 0.123, p50: 0.123, p90: 0.123, p99: 0.123, max: 0.123 }],
] as const) {
  test(`latency of ${ascending.length} responses`, () => assert.deepEqual(latencyOf(ascending), expected));
}

for (const [before, after, acknowledged, failed, verdict, sentence] of [
  [17, 116, 99, 0, 'exact', 'the counter moved from 17 to 116: 99 hits, 99 acknowledged: exact'],
  [0, 1, 1, 5, 'exact', 'the counter moved from 0 to 1: 1 hit, 1 acknowledged: exact'],
  [
    0,
    10,
    8,
    0,
    'more',
    'the counter moved from 0 to 10: 10 hits, 8 acknowledged: 2 more; somebody else is hitting it too',
  ],
  [
    0,
    10,
    8,
    2,
    'more',
    'the counter moved from 0 to 10: 10 hits, 8 acknowledged: 2 more; a failed request may have been counted before its response was lost',
  ],
  [
    5,
    7,
    3,
    0,
    'lost',
    'the counter moved from 5 to 7: 2 hits, 3 acknowledged: 1 lost, or somebody reset the counter meanwhile',
  ],
  [
    undefined,
    7,
    3,
    0,
    'unknown',
    'the counter could not be read before the run, so it is unknown whether each hit was counted',
  ],
  [
    7,
    undefined,
    3,
    0,
    'unknown',
    'the counter could not be read after the run, so it is unknown whether each hit was counted',
  ],
] as const) {
  test(`from ${before} to ${after} with ${acknowledged} acknowledged and ${failed} failed`, () =>
    assert.deepEqual(judge(before, after, acknowledged, failed), { before, after, verdict, sentence }));
}
