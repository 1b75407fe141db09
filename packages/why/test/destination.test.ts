// What `counter why` is asked for: the host, the port that goes with it, and whether Redis is expected there.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { RedisLogin } from '@container-counter/network/redis-readiness';
import { type Destination, InvalidDestination, parseDestination } from '../src/destination.ts';

const ENV = {
  REDIS_URL: 'redis://me:s%3Dcret@store:7000/1',
  UPSTREAMS: 'web1:3001,api:4000',
  COUNTER_URL: 'http://shop',
};
const PLAIN: RedisLogin = { tls: false, user: '', password: '', database: 0 };
const SET: RedisLogin = { ...PLAIN, user: 'me', password: 's=cret', database: 1 };

const DESTINATIONS: Readonly<Record<string, Destination>> = {
  'db:7001': { host: 'db', port: 7001, redis: undefined },
  'search:6379': { host: 'search', port: 6379, redis: PLAIN },
  'redis://search:7001': { host: 'search', port: 7001, redis: PLAIN },
  'redis://search': { host: 'search', port: 6379, redis: PLAIN },
  'redis://:other@store:7000': { host: 'store', port: 7000, redis: { ...PLAIN, password: 'other' } },
  'redis://store:7000': { host: 'store', port: 7000, redis: { ...SET, database: 0 } },
  'redis://search/7': { host: 'search', port: 6379, redis: { ...PLAIN, database: 7 } },
  'rediss://search': { host: 'search', port: 6379, redis: { ...PLAIN, tls: true } },
  'redis://:50%@search': { host: 'search', port: 6379, redis: { ...PLAIN, password: '50%' } },
  '192.0.2.7:80': { host: '192.0.2.7', port: 80, redis: undefined },
  '::1': { host: '::1', port: 0, redis: undefined },
  '[::1]:6379': { host: '::1', port: 6379, redis: PLAIN },
  // the settings of the container
  store: { host: 'store', port: 7000, redis: SET },
  'store:80': { host: 'store', port: 80, redis: undefined },
  web1: { host: 'web1', port: 3001, redis: undefined },
  api: { host: 'api', port: 4000, redis: undefined },
  shop: { host: 'shop', port: 80, redis: undefined },
  // the usual ports of this project's names
  db: { host: 'db', port: 6379, redis: PLAIN },
  'redis.backend-network': { host: 'redis.backend-network', port: 6379, redis: PLAIN },
  'container-counter-redis-1': { host: 'container-counter-redis-1', port: 6379, redis: PLAIN },
  'container-counter-web-2': { host: 'container-counter-web-2', port: 3000, redis: undefined },
  proxy: { host: 'proxy', port: 8080, redis: undefined },
  search: { host: 'search', port: 0, redis: undefined },
};

for (const [text, destination] of Object.entries(DESTINATIONS)) {
  test(text, () => assert.deepEqual(parseDestination(text, ENV), destination));
}

test('the settings may ask for TLS, and for a password in a file', () => {
  const env = { REDIS_URL: 'rediss://store/2', REDIS_PASSWORD_FILE: '/run/secrets/redis' };
  const readSecret = (file: string | undefined) => `in ${file}`;
  const redis = { tls: true, user: '', password: 'in /run/secrets/redis', database: 2 };
  assert.deepEqual(parseDestination('store', env, readSecret), { host: 'store', port: 6379, redis });
  assert.deepEqual(
    parseDestination('other:6379', env, readSecret).redis,
    PLAIN,
    'a Redis of somebody else is not told it',
  );
});

for (const text of [
  '',
  ':6379',
  'http://web:80',
  'web:port',
  'web:99999',
  'web/path',
  'a b',
  'web?x',
  'redis://db/x',
]) {
  test(`"${text}" is nothing to reach`, () => assert.throws(() => parseDestination(text, {}), InvalidDestination));
}

test('a refusal does not repeat a password', () => {
  for (const text of [
    'redis://:hunter2@db:6379/x',
    'redis://u:hunter2@db:6379?x',
    ':hunter2@',
    'redis://:hunt/er2@d b',
  ])
    assert.throws(
      () => parseDestination(text, {}),
      ({ name, message }: Error) => name === 'InvalidDestination' && !/hunt|er2/.test(message),
      text,
    );
});
