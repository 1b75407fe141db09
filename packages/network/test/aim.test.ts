// What `counter why` is asked for: the host, the port that goes with it, and whether Redis is expected there.
import assert from 'node:assert/strict';
import test from 'node:test';
import { type Aim, readAim, WrongAim } from '@container-counter/network/why/target';

const ENV = {
  REDIS_URL: 'redis://me:s%3Dcret@store:7000/1',
  UPSTREAMS: 'web1:3001,api:4000',
  COUNTER_URL: 'http://shop',
};
const password = { user: 'me', secret: 's=cret' };

const AIMS: Readonly<Record<string, Aim>> = {
  'db:7001': { host: 'db', port: 7001, redis: false },
  'search:6379': { host: 'search', port: 6379, redis: true },
  'redis://search:7001': { host: 'search', port: 7001, redis: true },
  'redis://search': { host: 'search', port: 6379, redis: true },
  'redis://:other@store:7000': { host: 'store', port: 7000, redis: true, password: { user: '', secret: 'other' } },
  '192.0.2.7:80': { host: '192.0.2.7', port: 80, redis: false },
  '::1': { host: '::1', port: 0, redis: false },
  '[::1]:6379': { host: '::1', port: 6379, redis: true },
  // the settings of the container
  store: { host: 'store', port: 7000, redis: true, password },
  'store:80': { host: 'store', port: 80, redis: false },
  web1: { host: 'web1', port: 3001, redis: false },
  api: { host: 'api', port: 4000, redis: false },
  shop: { host: 'shop', port: 80, redis: false },
  // the usual ports of this project's names
  db: { host: 'db', port: 6379, redis: true },
  'redis.backend-network': { host: 'redis.backend-network', port: 6379, redis: true },
  'container-counter-redis-1': { host: 'container-counter-redis-1', port: 6379, redis: true },
  'container-counter-web-2': { host: 'container-counter-web-2', port: 3000, redis: false },
  proxy: { host: 'proxy', port: 8080, redis: false },
  search: { host: 'search', port: 0, redis: false },
};

for (const [text, aim] of Object.entries(AIMS)) {
  test(text, () => assert.deepEqual(readAim(text, ENV), aim));
}

for (const text of ['', ':6379', 'http://web:80', 'web:port', 'web:99999', 'web/path', 'a b', 'web?x']) {
  test(`"${text}" is nothing to reach`, () => assert.throws(() => readAim(text, {}), WrongAim));
}
