// `counter topologies`: what a container sees and reaches in each kind of network, against what Docker says.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Looked } from '../../services/counter-cli/src/topologies/look.ts';
import { outcomeOf, topologiesReport } from '../../services/counter-cli/src/topologies/report.ts';
import { docker, noEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const NO_WAY = /^(unanswered|unreachable)$/; // dropped packets, or none that leave

/** From 127.0.0.1:6379, to Redis's address on the default bridge, to `db`, to `search`. */
const EXPECTED: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  none: ['refused', 'no network', 'no network', 'no network'],
  bridge: ['refused', 'yes', 'no names', 'no names'],
  host: [/./, 'yes', 'no names', 'no names'], // the host may have a Redis of its own
  'container:redis': ['yes', 'yes', 'redis', 'unresolved'],
  'user-defined': ['refused', NO_WAY, 'redis', 'unresolved'],
  dev: ['refused', NO_WAY, 'unresolved', 'search-dev'],
  prod: ['refused', NO_WAY, 'unresolved', 'search-prod'],
};

describe('counter topologies', { skip: noEngine() }, () => {
  let looked: readonly Looked[];
  before(async () => {
    const args = ['services/counter-cli/src/main.ts', 'topologies', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 });
    looked = JSON.parse(stdout);
  });
  const seenIn = (name: string) => (looked.find((one) => one.name === name) as Looked).seen;
  const outside = (name: string) => seenIn(name).interfaces.filter((one) => one.name !== 'lo');
  const bridge = (format: string) => docker('network', 'inspect', '--format', format, 'bridge');

  for (const [name, outcomes] of Object.entries(EXPECTED)) {
    test(`${name}: what it reaches`, () => {
      const { paths } = looked.find((one) => one.name === name) as Looked;
      for (const [i, way] of [paths.loopback, paths.address, paths.db, paths.search].entries()) {
        const expected = outcomes[i] ?? assert.fail();
        if (typeof expected === 'string') assert.equal(outcomeOf(way), expected, way.host);
        else assert.match(outcomeOf(way), expected, way.host);
      }
    });
  }

  test('none has loopback alone, and no route', () => {
    assert.deepEqual([outside('none'), seenIn('none').routes], [[], []]);
  });

  test('bridge has an address of the default bridge, whose gateway is its way out, and not its resolver', async () => {
    const gateway = await bridge('{{(index .IPAM.Config 0).Gateway}}');
    assert.deepEqual(
      outside('bridge').map(({ name }) => name),
      ['eth0'],
    );
    assert.equal(outside('bridge')[0]?.address.split('.')[0], gateway.split('.')[0]);
    assert.equal(seenIn('bridge').routes.find(({ prefix }) => prefix === 0)?.gateway, gateway);
    assert.ok(!seenIn('bridge').nameServers.includes('127.0.0.11'));
  });

  test("host has the host's interfaces, the bridge itself among them", async () => {
    const gateway = await bridge('{{(index .IPAM.Config 0).Gateway}}');
    assert.equal(outside('host').find(({ name }) => name === 'docker0')?.address, gateway);
  });

  test("container:NAME has the other container's interfaces, host name and hosts file", () => {
    const { interfaces, hostname, hosts, paths } = seenIn('container:redis');
    assert.equal(interfaces.find(({ name }) => name === 'eth0')?.address, paths[1]?.host);
    assert.ok(hosts.some(({ address, names }) => address === paths[1]?.host && names.includes(hostname)));
    assert.equal(outside('container:redis').length, 2);
  });

  test('dev and prod: one name, two containers, two addresses', () => {
    const [dev, prod] = ['dev', 'prod'].map((name) => (looked.find((one) => one.name === name) as Looked).paths.search);
    assert.deepEqual(
      dev?.name.holders.map(({ container }) => container),
      ['counter-topologies-search-dev'],
    );
    assert.deepEqual(
      prod?.name.holders.map(({ container }) => container),
      ['counter-topologies-search-prod'],
    );
    assert.notEqual(dev?.attempts[0]?.address, prod?.attempts[0]?.address);
  });

  test('the table has a row for each, and the details what each sees', () => {
    const plain = { dim: String, cyan: String } as never;
    const text = topologiesReport(looked, true, plain);
    for (const { name } of looked) assert.match(text, new RegExp(`^${name} +lo 127\\.0\\.0\\.1`, 'm'));
    assert.equal(text.match(/^interfaces {2}/gm)?.length, looked.length);
    assert.doesNotMatch(topologiesReport(looked, false, plain), /\/etc\/hosts/);
  });

  test('leaves nothing behind', async () => {
    assert.equal(await docker('ps', '--all', '--quiet', '--filter', 'name=counter-topologies-'), '');
    assert.equal(await docker('network', 'ls', '--quiet', '--filter', 'name=counter-topologies-'), '');
  });
});
