// The settings of the command: defaults, what follows from what, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';

const defaults = {
  counterUrl: 'http://localhost:8080/',
  redisUrl: 'redis://127.0.0.1:6379',
  redisGiven: false,
  redisPasswordFile: undefined,
  proxyPort: 8080,
  webPorts: [3001, 3002, 3003],
  redisPort: 6379,
  dataFolder: undefined,
};

for (const [env, expected] of [
  [{}, {}],
  [{ COUNTER_URL: '', REDIS_URL: '' }, {}],
  [{ COUNTER_URL: 'http://proxy:8080' }, { counterUrl: 'http://proxy:8080/' }],
  [{ COUNTER_URL: 'https://example.org/counter' }, { counterUrl: 'https://example.org/counter/' }],
  [{ PROXY_PORT: '8081' }, { counterUrl: 'http://localhost:8081/', proxyPort: 8081 }],
  [
    { PROXY_PORT: '8081', COUNTER_URL: 'http://proxy:8080' },
    { counterUrl: 'http://proxy:8080/', proxyPort: 8081 },
  ],
  [{ REDIS_URL: 'redis://db:6379' }, { redisUrl: 'redis://db:6379', redisGiven: true }],
  [{ LOCAL_REDIS_PORT: '6380' }, { redisUrl: 'redis://127.0.0.1:6380', redisPort: 6380 }],
  [{ WEB_PORT: '4000' }, { webPorts: [4000, 4001, 4002] }],
  [{ LOCAL_DATA: '/var/lib/counter' }, { dataFolder: '/var/lib/counter' }],
] as const) {
  test(`${JSON.stringify(env)}`, () => {
    const config = readConfig(env);
    const read = { ...config, counterUrl: config.counterUrl.href, redisUrl: config.redisUrl.href };
    assert.deepEqual(read, { ...defaults, ...expected });
  });
}

for (const [env, expected] of [
  [{ PROXY_PORT: '0' }, 'PROXY_PORT="0" cannot be used: it must be a whole number from 1 to 65535.'],
  [{ PROXY_PORT: 'http' }, 'PROXY_PORT="http" cannot be used: it must be a whole number from 1 to 65535.'],
  [{ WEB_PORT: '65534' }, 'WEB_PORT="65534" cannot be used: it must be a whole number from 1 to 65533.'],
  [{ LOCAL_REDIS_PORT: '-1' }, 'LOCAL_REDIS_PORT="-1" cannot be used: it must be a whole number from 1 to 65535.'],
  [
    { COUNTER_URL: 'proxy:8080' },
    'COUNTER_URL="proxy:8080" cannot be used: it must be a URL such as http://localhost:8080.',
  ],
  [
    { COUNTER_URL: 'http://joe:secret@a/' },
    'COUNTER_URL="http://***@a/" cannot be used: it must be a URL such as http://localhost:8080, without a user.',
  ],
  [
    { COUNTER_URL: 'http://a/?b' },
    'COUNTER_URL="http://a/?b" cannot be used: it must be a URL such as http://localhost:8080.',
  ],
  [
    { REDIS_URL: 'http://:secret@db' },
    'REDIS_URL="http://***@db" cannot be used: it must be a URL such as redis://db:6379.',
  ],
] as const) {
  test(`refused: ${JSON.stringify(env)}`, () => assert.throws(() => readConfig(env), { message: expected }));
}
