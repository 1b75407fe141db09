// The variables of a replica: what each is without a value, what it takes, and what it refuses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ConfigError } from '@container-counter/service/environment';
import { readConfig } from '../src/config.ts';

const plain = (env: Record<string, string>) => {
  const { REDIS_URL, TRUSTED_PROXIES, ...rest } = readConfig(env);
  const peers = ['127.0.0.1', '172.18.0.4', '203.0.113.9'];
  return { ...rest, REDIS_URL: REDIS_URL.href, TRUSTED_PROXIES: peers.filter((peer) => TRUSTED_PROXIES(peer, 0)) };
};

const DEFAULTS = {
  PORT: 3000,
  BIND_ADDRESS: undefined,
  REDIS_URL: 'redis://redis:6379',
  INSTANCE: undefined,
  TRUSTED_PROXIES: [] as string[],
  REDIS_TIMEOUT_MS: 1000,
  DRAIN_MS: 1000,
  REDIS_PASSWORD_FILE: undefined,
  METRICS_PORT: undefined,
  OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
  LOG_LEVEL: 'info',
};

test('without any variable', () => assert.deepEqual(plain({}), DEFAULTS));

const TAKEN: readonly (readonly [keyof typeof DEFAULTS, string, unknown])[] = [
  ['PORT', '0', 0],
  ['PORT', '8080', 8080],
  ['BIND_ADDRESS', '127.0.0.1', '127.0.0.1'],
  ['REDIS_URL', 'redis://db:6379', 'redis://db:6379'],
  ['REDIS_URL', 'rediss://user:secret@db.example:6380/1', 'rediss://user:secret@db.example:6380/1'],
  ['INSTANCE', 'web2', 'web2'],
  ['INSTANCE', 'project-web-2.frontend_network', 'project-web-2.frontend_network'],
  ['TRUSTED_PROXIES', 'uniquelocal', ['172.18.0.4']],
  ['TRUSTED_PROXIES', 'loopback, 203.0.113.0/24', ['127.0.0.1', '203.0.113.9']],
  ['REDIS_TIMEOUT_MS', '250', 250],
  ['DRAIN_MS', '1', 1],
  ['LOG_LEVEL', 'debug', 'debug'],
];

for (const [name, value, expected] of TAKEN) {
  test(`${name}=${value}`, () => assert.deepEqual(plain({ [name]: value }), { ...DEFAULTS, [name]: expected }));
}

const NAME = 'it must be 1 to 64 letters, digits, dots, dashes or underscores.';
const TIME = 'it must be a whole number from 1 to 3600000.';

const REFUSED: readonly (readonly [keyof typeof DEFAULTS, string, string])[] = [
  ['PORT', 'http', 'it must be a whole number from 0 to 65535.'],
  ['REDIS_URL', 'db', 'it must be a URL such as redis://db:6379.'],
  ['INSTANCE', 'web 2', NAME],
  ['INSTANCE', 'web2\n', NAME],
  ['INSTANCE', 'w'.repeat(65), NAME],
  [
    'TRUSTED_PROXIES',
    'proxy',
    'it must list addresses or networks, such as 172.16.0.0/12, or loopback or uniquelocal.',
  ],
  ['REDIS_TIMEOUT_MS', '0', TIME],
  ['DRAIN_MS', '1.5', 'it must be a whole number from 0 to 8000.'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'it must be a URL such as http://localhost:4318.'],
  ['LOG_LEVEL', 'loud', 'it must be one of trace, debug, info, warn, error, fatal, silent.'],
];

for (const [name, value, sentence] of REFUSED) {
  test(`${name}=${JSON.stringify(value)} is refused`, () =>
    assert.throws(
      () => readConfig({ [name]: value }),
      new ConfigError(`${name}=${JSON.stringify(value)} cannot be used: ${sentence}`),
    ));
}

test('what a link named redis sets changes nothing', () => {
  const link = {
    REDIS_NAME: '/web1/redis',
    REDIS_PORT: 'tcp://172.17.0.2:6379',
    REDIS_PORT_6379_TCP: 'tcp://172.17.0.2:6379',
    REDIS_PORT_6379_TCP_ADDR: '172.17.0.2',
    REDIS_PORT_6379_TCP_PORT: '6379',
    REDIS_PORT_6379_TCP_PROTO: 'tcp',
    REDIS_ENV_REDIS_VERSION: '8.0.0',
  };
  assert.deepEqual(plain(link), DEFAULTS);
});
