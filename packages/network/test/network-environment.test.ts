// How a container is connected, as it can tell from inside, and what that makes of an error.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { explain, type FailureKind, failureOf, Unreachable } from '@container-counter/network/failure';
import {
  type Connection,
  connectionOf,
  isAardvark,
  nameServersIn,
  readNetworkEnvironment,
} from '@container-counter/network/network-environment';
import { routesIn } from '@container-counter/network/routes';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

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

// What Podman writes: for networks, with netavark up to 1.14 and from 1.15 on, for a network without a way out, for its
// default network, and for a rootless container without one, which copies the interface of the host.
const ROUTES = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n';
const VIA = (name: string, gateway: string) => `${ROUTES}${name}\t00000000\t${gateway}\t0003\t0\t0\t100\t00000000\n`;
const PODMAN: readonly (readonly [Connection, address: string, resolvConf: string, routes: string])[] = [
  ['user-defined', '10.89.0.6', 'search dns.podman\nnameserver 10.89.0.1\n', VIA('eth0', '0100590A')],
  [
    'user-defined',
    '10.89.0.6',
    'search dns.podman\nnameserver 10.89.1.1\nnameserver 10.89.0.1\n',
    VIA('eth0', '0100590A'),
  ],
  ['user-defined', '10.89.0.6', 'search home.example\nnameserver 10.89.0.1\n', VIA('eth0', '0100590A')],
  ['user-defined', '10.89.8.6', 'search dns.podman .\nnameserver 10.89.8.1\n', ROUTES],
  ['default bridge', '10.88.0.6', 'search home.example\nnameserver 192.0.2.1\n', VIA('eth0', '0100580A')],
  ['default bridge', '192.0.2.7', 'nameserver 192.0.2.1\n', VIA('wlp2s0', '010200C0')],
];

for (const [expected, address, resolvConf, routes] of PODMAN) {
  test(`in Podman, ${JSON.stringify(resolvConf)} with ${address} is ${expected}`, () => {
    const own = [{ address, names: ['3f2a9c1b7d55', 'web-1'] }];
    const aardvark = isAardvark(resolvConf, routesIn(routes));
    assert.equal(connectionOf(true, { eth0: [address] }, nameServersIn(resolvConf), own, aardvark), expected);
  });
}

test('the name servers of resolv.conf', () => {
  const text =
    '# nameserver 192.0.2.9\nsearch example.net\nnameserver 127.0.0.11\nnameserver  ::1\nnameserver none;such\noptions ndots:0\n';
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
    const environment = { hosts: [], nameServers: [], connection };
    assert.equal(explain(new Unreachable(kind), { what: 'Redis', host: 'db', port: 6379 }, environment).kind, means);
  });
}

test('what cannot be read is left out, and reported', async (t) => {
  const folder = await temporaryFolder(t, 'environment');
  const [hosts, resolvConf, routes] = ['hosts', 'resolv.conf', 'route'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(resolvConf, 'nameserver 192.0.2.1\n');
  await writeFile(hosts, '192.0.2.7 other\n');
  const unlike = (file: string) => readNetworkEnvironment({ hosts, resolvConf, routes, [file]: folder }); // a folder is no file
  assert.deepEqual(
    [unlike('resolvConf'), unlike('hosts')].map(({ connection, unreadable }) => [connection, unreadable?.slice(0, 6)]),
    [
      ['unknown', 'EISDIR'],
      ['unknown', 'EISDIR'],
    ],
  );
  const absent = readNetworkEnvironment({ hosts: join(folder, 'none'), resolvConf: join(folder, 'none'), routes });
  assert.deepEqual([absent.hosts, absent.nameServers, absent.unreadable], [[], [], undefined]);
});

// Started by a shell with few file descriptors, it takes all that are left, and then explains.
test('a process without file descriptors explains all the same', async () => {
  const child = spawnSync('sh', ['-c', `ulimit -n 40 && exec "${process.execPath}" --input-type=module`], {
    input: `
      import { closeSync, openSync } from 'node:fs';
      import { connect } from 'node:net';
      import { once } from 'node:events';
      import { lookup } from 'node:dns/promises';
      import { explain } from '${new URL('../src/failure.ts', import.meta.url)}';
      const target = { what: 'Redis', host: 'no.such.name.example', port: 6379 };
      const socket = await once(connect(9, '127.0.0.1'), 'connect').catch(() => {});
      console.log('before');
      const failures = [];
      const all = [];
      try { for (;;) all.push(openSync('/dev/null')); } catch {}
      failures.push(explain(await lookup(target.host).catch((error) => error), target));
      failures.push(explain(await once(connect(9, '127.0.0.1'), 'connect').catch((error) => error), target));
      all.forEach(closeSync);
      console.log(JSON.stringify(failures.map(({ kind }) => kind)));
    `,
    encoding: 'utf8',
  });
  assert.equal(child.stdout, 'before\n["no file descriptors","no file descriptors"]\n', child.stderr);
});

test('a failure kept for later is explained once somebody reads it', (t) => {
  const read = t.mock.method(fs, 'readFileSync');
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const error = new Unreachable('refused');
  const failure = failureOf(error, { what: 'Redis', host: 'db', port: 6379 });
  assert.deepEqual([failure.kind, failure.error], ['refused', error]);
  assert.equal(read.mock.callCount(), 0);
  assert.match(failure.sentence, /^Redis at db:6379 refused the connection/);
  const calls = read.mock.callCount();
  assert.ok(calls > 0);
  assert.equal(failure.sentence, failure.sentence);
  assert.equal(read.mock.callCount(), calls);
});
