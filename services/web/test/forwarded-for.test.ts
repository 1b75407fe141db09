// Whose hit it is: X-Forwarded-For counts only from a trusted peer, and only addresses ever become keys in `ip`.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readEnvironment, trustedPeers } from '@container-counter/service/environment';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { openRedis, startReplica } from './replica.ts';

const trusting = (peers: string) => readEnvironment({ PEERS: peers }, { PEERS: trustedPeers() }).PEERS;

// From 127.0.0.1: the header, and whom the hit is counted for when loopback and 10.0.0.0/8 are trusted.
const FORWARDED: readonly (readonly [string, string])[] = [
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8::7', '2001:db8::7'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['', '127.0.0.1'],
  ['garbage', '127.0.0.1'],
  ['garbage, 10.0.0.2', '127.0.0.1'],
  ['203.0.113.9:4711', '127.0.0.1'],
  ['fe80::1%garbage', '127.0.0.1'],
  ['<script>', '127.0.0.1'],
  ['a'.repeat(5000), '127.0.0.1'],
];

test('X-Forwarded-For', { skip: noRedis() }, async (t) => {
  const redis = await startRedis(t);
  const trusted = await startReplica(t, redis.url, { trustedProxies: trusting('loopback,10.0.0.0/8') });
  const wary = await startReplica(t, redis.url);
  const keys = openRedis(t, redis.url);

  const countedFor = async (url: string, forwarded: string) => {
    await keys.del('ip');
    const { body } = await request(url).get('/').set('Accept', 'application/json').set('X-Forwarded-For', forwarded);
    assert.deepEqual(await keys.hgetall('ip'), { [body.ip]: '1' });
    return body.ip;
  };

  for (const [forwarded, client] of FORWARDED) {
    const shown = forwarded.slice(0, 40);
    await t.test(`"${shown}" from a trusted peer`, async () =>
      assert.equal(await countedFor(trusted.url, forwarded), client),
    );
    await t.test(`"${shown}" from another`, async () =>
      assert.equal(await countedFor(wary.url, forwarded), '127.0.0.1'),
    );
  }
});
