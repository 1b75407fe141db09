// The whole sentence of each kind of failure.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, type FailureKind, type Target, Unreachable } from '@container-counter/network/failure';
import type { Surroundings } from '@container-counter/network/surroundings';

const MACHINE: Surroundings = { hosts: [], nameServers: [], connection: 'machine' };
const REDIS: Target = { what: 'Redis', host: 'db', port: 6379 };

const SENTENCES: Readonly<Record<Exclude<FailureKind, 'other'>, string>> = {
  unresolved:
    'Redis: the name "db" does not resolve. Check that a container with this name or alias runs, and that it shares a network (or a link) with this one.',
  'no resolver':
    'Redis: no resolver answered for the name "db". Check that a container with this name or alias runs, and the name server in /etc/resolv.conf.',
  'no names':
    'Redis: the name "db" does not resolve, for this container is on the default bridge (or the host\'s network), which has no names but those of links. Connect both containers to a user-defined network, or link them.',
  'no network':
    'Redis: "db" cannot be reached, for this container has no network but its own loopback. Connect it to the network of the other one.',
  refused:
    'Redis at db:6379 refused the connection: its host is up, but nothing listens on that port. Check that the server runs, and that it listens on more than loopback.',
  unreachable: 'Redis at db:6379 has no route from here. Check that both containers are connected to the same network.',
  unanswered:
    'Redis at db:6379 did not answer the attempt to connect. Check that it runs, and that both containers are connected to the same network.',
  'stale link':
    'Redis at db:6379 is not at the address that the link wrote. The name comes from a line in /etc/hosts, as a link writes it: if "db" was removed and made again, that line is stale, and this container must be made again too.',
  silent:
    'Redis at db:6379 is connected but does not answer in time. Check whether it is paused or overloaded, or was disconnected from the network.',
  closed: 'Redis at db:6379 closed the connection before it answered. Check whether it is restarting.',
  'not redis': 'Redis at db:6379 answers, but not as Redis does. Check the port, and which server has it.',
  loading: 'Redis at db:6379 is still loading its data. Wait until it is done.',
  password:
    'Redis at db:6379 asks for another password. Give it in the URL, as in redis://:PASSWORD@db:6379, or in the file that REDIS_PASSWORD_FILE names.',
  cluster:
    'Redis at db:6379 is a node of a Redis Cluster, which keeps its keys in many places. Use a single Redis: one script counts a hit in all keys at once.',
};

for (const [kind, sentence] of Object.entries(SENTENCES) as [FailureKind, string][]) {
  test(kind, () => assert.deepEqual(explain(new Unreachable(kind), REDIS, MACHINE), { kind, sentence }));
}

for (const message of ['OOM command not allowed', 'OOM command not allowed.']) {
  test(`other: ${message}`, () =>
    assert.deepEqual(explain(new Error(message), REDIS, MACHINE), {
      kind: 'other',
      sentence: 'Redis at db:6379 failed: OOM command not allowed.',
    }));
}

test('an IPv6 address stands in brackets', () => {
  const { sentence } = explain(new Unreachable('closed'), { what: 'Redis', host: '::1', port: 6379 });
  assert.equal(
    sentence,
    'Redis at [::1]:6379 closed the connection before it answered. Check whether it is restarting.',
  );
});
