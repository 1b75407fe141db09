// A name that a link wrote into the hosts file may be stale, and the sentence says so; for other names it does not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, type Failure, type FailureKind, Unreachable } from '@container-counter/network/failure';
import type { HostsLine } from '@container-counter/network/hosts-file';

const HINT =
  ' The name comes from a line in /etc/hosts, as a link writes it: if "redis" was removed and recreated, that line is stale, and this container must be recreated as well.';

const HOSTS: readonly HostsLine[] = [
  { address: '127.0.0.1', names: ['localhost'] },
  { address: '172.17.0.2', names: ['redis', '3f2a9c1b7d55', 'redis-server'] },
  { address: '192.0.2.7', names: ['extra-host'] },
];

const explained = (kind: FailureKind, host: string, hosts: readonly HostsLine[]): Failure =>
  explain(
    new Unreachable(kind),
    { what: 'Redis', host, port: 6379 },
    { hosts, nameServers: [], connection: 'machine' },
  );

for (const [kind, becomes] of [
  ['refused', 'stale link'],
  ['unreachable', 'stale link'],
  ['unanswered', 'stale link'],
  ['silent', 'silent'],
] as const) {
  test(`${kind}, for the name of a link: ${becomes}`, () => {
    const { sentence } = explained(kind, 'redis', []);
    assert.deepEqual(explained(kind, 'redis', HOSTS), { kind: becomes, sentence: sentence + HINT });
  });
  for (const host of ['db', '172.17.0.2', 'localhost', 'extra-host']) {
    test(`${kind}: ${host} is no link`, () =>
      assert.deepEqual(explained(kind, host, HOSTS), explained(kind, host, [])));
  }
}

for (const kind of ['unresolved', 'no resolver', 'closed', 'not redis', 'loading', 'password', 'other'] as const) {
  test(`${kind}: a stale line is not the cause`, () =>
    assert.deepEqual(explained(kind, 'redis', HOSTS), explained(kind, 'redis', [])));
}
