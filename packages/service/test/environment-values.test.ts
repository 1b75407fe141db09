// What each kind of variable takes, and the whole sentence with which it refuses the rest.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  bytes,
  ConfigError,
  milliseconds,
  oneOf,
  port,
  readEnvironment,
  redisUrl,
  trustedPeers,
  wholeNumber,
} from '@container-counter/service/environment';
import { logLevel } from '@container-counter/service/log';

const SPECS = {
  port: port(),
  milliseconds: milliseconds(),
  bytes: bytes(),
  redisUrl: redisUrl(),
  trustedPeers: trustedPeers(),
  logLevel: logLevel(),
  dice: wholeNumber(1, 6)(),
  fruit: oneOf('apple', 'pear')(),
};

type Kind = keyof typeof SPECS;

const read = (kind: Kind, value: string): unknown => readEnvironment({ IT: value }, { IT: SPECS[kind] }).IT;

const ACCEPTED: readonly (readonly [Kind, string, unknown])[] = [
  ['port', '0', 0],
  ['port', '8080', 8080],
  ['port', '65535', 65_535],
  ['milliseconds', '1', 1],
  ['milliseconds', '3600000', 3_600_000],
  ['bytes', '1', 1],
  ['bytes', '1073741824', 2 ** 30],
  ['dice', '6', 6],
  ['fruit', 'pear', 'pear'],
  ['logLevel', 'silent', 'silent'],
];

const PORT = 'it must be a whole number from 0 to 65535.';
const TIME = 'it must be a whole number from 1 to 3600000.';
const WORDS = 'it must be one of trace, debug, info, warn, error, fatal, silent.';
const URLS = 'it must be a URL such as redis://db:6379.';
const PEERS = 'it must list addresses or networks, such as 172.16.0.0/12, or loopback or uniquelocal.';

const REFUSED: readonly (readonly [Kind, string, string])[] = [
  ['port', '65536', PORT],
  ['port', '-1', PORT],
  ['port', '80.5', PORT],
  ['port', '1e3', PORT],
  ['port', '0x50', PORT],
  ['port', ' 80', PORT],
  ['port', 'tcp://172.17.0.2:6379', PORT],
  ['milliseconds', '0', TIME],
  ['milliseconds', '3600001', TIME],
  ['milliseconds', '1s', TIME],
  ['bytes', '0', 'it must be a whole number from 1 to 1073741824.'],
  ['bytes', '1073741825', 'it must be a whole number from 1 to 1073741824.'],
  ['dice', '7', 'it must be a whole number from 1 to 6.'],
  ['fruit', 'Pear', 'it must be one of apple, pear.'],
  ['logLevel', 'verbose', WORDS],
  ['logLevel', 'INFO', WORDS],
  ['redisUrl', 'db:6379', URLS],
  ['redisUrl', 'http://db:6379', URLS],
  ['redisUrl', 'redis://', URLS],
  ['redisUrl', 'redis://db:99999', URLS],
  ['redisUrl', 'redis://db:6379/one', URLS],
  ['redisUrl', '6379', URLS],
  ['trustedPeers', 'everybody', PEERS],
  ['trustedPeers', '172.16.0.0/33', PEERS],
  ['trustedPeers', '1', `${PEERS} A number of hops is not enough: clients could forge the headers.`],
  ['trustedPeers', 'loopback, 2', `${PEERS} A number of hops is not enough: clients could forge the headers.`],
  ['trustedPeers', '10.1', PEERS],
  ['trustedPeers', '0x7f.1', PEERS],
  ['trustedPeers', '172.16/12', PEERS],
  ['trustedPeers', '010.0.0.1', PEERS],
  ['trustedPeers', '10.0.0.1;10.0.0.2', PEERS],
  ['trustedPeers', 'loopback,', PEERS],
];

for (const [kind, value, expected] of ACCEPTED) {
  test(`${kind} takes ${value}`, () => assert.equal(read(kind, value), expected));
}

for (const [kind, value, sentence] of REFUSED) {
  test(`${kind} refuses ${value}`, () =>
    assert.throws(() => read(kind, value), new ConfigError(`IT=${JSON.stringify(value)} cannot be used: ${sentence}`)));
}

for (const value of ['redis://db', 'redis://db:6380/2', 'rediss://:secret@db:6379', 'redis://[::1]:6379/']) {
  test(`redisUrl takes ${value}`, () => assert.equal(String(read('redisUrl', value)), value));
}

test('trustedPeers trusts whom it lists, and nobody else', () => {
  const trust = read('trustedPeers', 'loopback , 172.16.0.0/12,192.0.2.7') as (address: string, hop: number) => boolean;
  const believed = [
    '127.0.0.1',
    '::1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.2.7',
    '172.32.0.0',
    '192.0.2.8',
    '10.0.0.1',
  ];
  assert.deepEqual(
    believed.filter((address) => trust(address, 0)),
    believed.slice(0, 5),
  );
});
