// How addresses are written.
import assert from 'node:assert/strict';
import test from 'node:test';
import { hostPort, plainAddress } from '@container-counter/network/addresses';

const PLAIN: readonly (readonly [string | undefined, string])[] = [
  ['172.18.0.4', '172.18.0.4'],
  ['::ffff:172.18.0.4', '172.18.0.4'],
  ['::FFFF:172.18.0.4', '172.18.0.4'],
  ['::ffff:ac12:4', '::ffff:ac12:4'],
  ['::1', '::1'],
  ['fd00::ffff:1', 'fd00::ffff:1'],
  [undefined, 'unknown'],
];

for (const [address, plain] of PLAIN) {
  test(`the peer ${address} is written ${plain}`, () => assert.equal(plainAddress(address), plain));
}

for (const [host, written] of [
  ['db', 'db:6379'],
  ['172.18.0.4', '172.18.0.4:6379'],
  ['::1', '[::1]:6379'],
] as const) {
  test(`${host} with its port is ${written}`, () => assert.equal(hostPort(host, 6379), written));
}
