// Which route a packet takes, by the kernel's own table.
import assert from 'node:assert/strict';
import test from 'node:test';
import { routesIn, routeTo } from '@container-counter/network/routes';

// As in a container on two networks, the first of which leads out.
const TABLE = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eth1\t000013AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eth1\t010013AC\t050013AC\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;

test('the table', () =>
  assert.deepEqual(routesIn(TABLE), [
    { interface: 'eth0', destination: '0.0.0.0', prefix: 0, gateway: '172.18.0.1' },
    { interface: 'eth0', destination: '172.18.0.0', prefix: 16, gateway: null },
    { interface: 'eth1', destination: '172.19.0.0', prefix: 16, gateway: null },
    { interface: 'eth1', destination: '172.19.0.1', prefix: 32, gateway: '172.19.0.5' },
  ]));

for (const [address, out, gateway] of [
  ['172.18.0.9', 'eth0', null],
  ['172.19.255.254', 'eth1', null],
  ['172.19.0.1', 'eth1', '172.19.0.5'],
  ['172.17.0.2', 'eth0', '172.18.0.1'],
  ['203.0.113.7', 'eth0', '172.18.0.1'],
  ['127.0.0.11', 'lo', null],
] as const) {
  test(`to ${address} by ${out}`, () => {
    const route = routeTo(address, routesIn(TABLE));
    assert.deepEqual([route?.interface, route?.gateway], [out, gateway]);
  });
}

test('without a default route there is no way out', () => {
  const inside = routesIn(TABLE).filter(({ prefix }) => prefix > 0);
  assert.equal(routeTo('172.17.0.2', inside), undefined);
  assert.equal(routeTo('172.18.0.2', inside)?.interface, 'eth0');
});

test('of no table there are no routes', () => assert.deepEqual(routesIn(''), []));
