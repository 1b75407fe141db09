// How a container is connected, as it can tell from inside, and what that makes of an error.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, type FailureKind, Unreachable } from '@container-counter/network/failure';
import { type Connection, connectionOf, nameServersIn } from '@container-counter/network/surroundings';

const OWN = [{ address: '172.17.0.2', names: ['3f2a9c1b7d55'] }];

const SEEN: readonly (readonly [Connection, ...Parameters<typeof connectionOf>])[] = [
  ['machine', false, { eth0: ['192.0.2.2'], docker0: ['172.17.0.1'] }, ['127.0.0.53'], OWN],
  ['machine', true, { eth0: ['192.0.2.2'] }, ['192.0.2.1'], []],
  ['none', true, {}, ['192.0.2.1'], []],
  ['none', true, {}, ['127.0.0.11'], OWN],
  ['default bridge', true, { eth0: ['172.17.0.2'] }, ['192.0.2.1'], OWN],
  ['user-defined', true, { eth0: ['172.17.0.2'], eth1: ['172.18.0.2'] }, ['127.0.0.11'], OWN],
  ['host', true, { docker0: ['172.17.0.1'], ens3: ['192.0.2.2'] }, ['192.0.2.1'], []],
];

for (const [expected, ...given] of SEEN) {
  test(`${JSON.stringify(given)} is ${expected}`, () => assert.equal(connectionOf(...given), expected));
}

test('the name servers of resolv.conf', () => {
  const text = '# nameserver 192.0.2.9\nsearch example.net\nnameserver 127.0.0.11\nnameserver  ::1\noptions ndots:0\n';
  assert.deepEqual(nameServersIn(text), ['127.0.0.11', '::1']);
});

const MEANS: readonly (readonly [FailureKind, Connection, FailureKind])[] = [
  ['unresolved', 'machine', 'unresolved'],
  ['no resolver', 'machine', 'no resolver'],
  ['unresolved', 'user-defined', 'unresolved'],
  ['no resolver', 'user-defined', 'unresolved'],
  ['unresolved', 'default bridge', 'no names'],
  ['no resolver', 'default bridge', 'no names'],
  ['no resolver', 'host', 'no names'],
  ['no resolver', 'none', 'no network'],
  ['unreachable', 'none', 'no network'],
  ['refused', 'none', 'refused'],
  ['unreachable', 'default bridge', 'unreachable'],
];

for (const [kind, connection, means] of MEANS) {
  test(`${kind} on ${connection} means ${means}`, () => {
    const surroundings = { hosts: [], nameServers: [], connection };
    assert.equal(explain(new Unreachable(kind), { what: 'Redis', host: 'db', port: 6379 }, surroundings).kind, means);
  });
}
