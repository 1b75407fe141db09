// The measurements of docs/scaling.md, taken small; and the simulations, where the result is known.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { document } from './scaling/document.ts';
import { measureAll } from './scaling/measure.ts';
import { busiestReplica, busiestShard, numberInBlocks } from './scaling/simulation.ts';

const unable =
  noRedis() || (existsSync('/proc/self/schedstat') ? false : 'only Linux tells the processor time of others');

test('measures every tier, and writes the document that docs/scaling.md is', { skip: unable }, async () => {
  const figures = await measureAll({ seconds: 0.3, warmUp: 0.3, rounds: 1, hits: 2000 }, [{ proxies: 2, replicas: 2 }]);
  const [{ measured } = { measured: undefined }] = figures.tiers;
  assert.ok(measured && measured.perSecond > 0);
  for (const [tier, microseconds] of Object.entries(measured.microseconds)) assert.ok(microseconds > 0, tier);
  assert.ok(figures.redis.bytesPerKey > 36, 'a key is a UUID, of 36 bytes');
  assert.match(figures.cluster.plain, /^CROSSSLOT /);
  assert.equal(figures.cluster.tagged, 'hit 1');
  const headings = (text: string) => text.split('\n').filter((line) => /^(#|\| [a-z])/.test(line) && !/\d/.test(line));
  const written = document(figures);
  assert.doesNotMatch(written, /NaN|undefined|Infinity/);
  const there = readFileSync(new URL('../docs/scaling.md', import.meta.url), 'utf8');
  assert.deepEqual(headings(written), headings(there));
});

test('one shard has all of the hits, and many have unequal shares', () => {
  assert.equal(busiestShard(1, 1000), 1);
  assert.ok(busiestShard(100, 10_000) > 1.1);
  assert.equal(busiestShard(100, 10_000), busiestShard(100, 10_000), 'the same seed, the same result');
});

test('blocks of one number are in order and without a gap; larger ones are requested less often', () => {
  assert.deepEqual(numberInBlocks(16, 1, 1000), { requested: 1, displaced: 0, lost: 0 });
  const { requested, displaced, lost } = numberInBlocks(16, 100, 10_000);
  assert.ok(requested < 0.012 && displaced > 0);
  assert.ok(lost > 0 && lost < 16 * 100);
});

test('one proxy selects replicas exactly equally often, and so does each of many', () => {
  assert.equal(busiestReplica(1, 10, 1000), 1);
  const many = busiestReplica(10, 10, 10_000);
  assert.ok(many > 1 && many < 1.05, `${many}`);
});
