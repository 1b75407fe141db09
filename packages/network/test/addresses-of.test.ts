// A name stands for all its addresses, as getaddrinfo gives them.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import test from 'node:test';
import { addressesOf } from '@container-counter/network/addresses';

test('localhost, which only the hosts file knows, resolves', async () => {
  const addresses = await addressesOf('localhost');
  assert.ok(addresses.includes('127.0.0.1') || addresses.includes('::1'), String(addresses));
});

test('an address stands for itself', async () => assert.deepEqual(await addressesOf('192.0.2.7'), ['192.0.2.7']));

test('several addresses come once each, in a stable order', async (t) => {
  const answers = ['172.18.0.10', '172.18.0.9', '172.18.0.10', '172.18.0.2'].map((address) => ({ address, family: 4 }));
  t.mock.method(dns.promises, 'lookup', async () => answers);
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  assert.deepEqual(await addressesOf('web'), ['172.18.0.2', '172.18.0.9', '172.18.0.10']);
});

// A label has at most 63 letters, so every resolver refuses this name, with or without a network.
test('a name that does not resolve is an error', async () => {
  await assert.rejects(addressesOf('x'.repeat(64)), { code: 'ENOTFOUND' });
});
