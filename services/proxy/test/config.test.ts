// The settings: defaults, what is accepted, and the sentence for what is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '@container-counter/service/environment';
import { readConfig } from '../src/config.ts';

test('every setting has a default', () => {
  const { TRUSTED_PROXIES, ...rest } = readConfig({});
  assert.deepEqual(
    { ...rest },
    {
      PORT: 8080,
      BIND_ADDRESS: undefined,
      UPSTREAMS: [{ host: 'web', port: 3000 }],
      RESOLVE_INTERVAL_MS: 2000,
      HEALTH_INTERVAL_MS: 500,
      CONNECT_TIMEOUT_MS: 1000,
      TRY_TIMEOUT_MS: 3000,
      DEADLINE_MS: 10_000,
      IDLE_TIMEOUT_MS: 60_000,
      HEADER_TIMEOUT_MS: 10_000,
      REQUEST_TIMEOUT_MS: 300_000,
      MAX_HEADER_BYTES: 16_384,
      MAX_BODY_BYTES: 1_048_576,
      METRICS_PORT: undefined,
      OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
      LOG_LEVEL: 'info',
    },
  );
  assert.equal(TRUSTED_PROXIES('127.0.0.1', 0), false);
});

test('UPSTREAMS lists hosts and ports', () => {
  const table: [text: string, targets: unknown][] = [
    ['web:3000', [{ host: 'web', port: 3000 }]],
    [
      'web1:3000,web2:3001',
      [
        { host: 'web1', port: 3000 },
        { host: 'web2', port: 3001 },
      ],
    ],
    [
      ' web1:3000 , web2:3000 ',
      [
        { host: 'web1', port: 3000 },
        { host: 'web2', port: 3000 },
      ],
    ],
    ['tasks.web:80', [{ host: 'tasks.web', port: 80 }]],
    ['project_web_1:443', [{ host: 'project_web_1', port: 443 }]],
    ['172.18.0.4:3000', [{ host: '172.18.0.4', port: 3000 }]],
    ['[fd00::4]:3000', [{ host: 'fd00::4', port: 3000 }]],
    ['', [{ host: 'web', port: 3000 }]],
  ];
  for (const [text, targets] of table) assert.deepEqual(readConfig({ UPSTREAMS: text }).UPSTREAMS, targets, text);
});

test('UPSTREAMS is refused, naming the entry that is wrong', () => {
  const table: [text: string, entry: string][] = [
    ['web', 'web'],
    ['web:', 'web:'],
    [':3000', ':3000'],
    ['web:0', 'web:0'],
    ['web:65536', 'web:65536'],
    ['web:http', 'web:http'],
    ['web:3000/', 'web:3000/'],
    ['http://web:3000', 'http://web:3000'],
    ['we b:3000', 'we b:3000'],
    ['fd00::4:3000', 'fd00::4:3000'],
    ['web1:3000,,web2:3000', ''],
    ['web1:3000,', ''],
    [' ', ''],
    ['web1:3000 web2:3000', 'web1:3000 web2:3000'],
  ];
  for (const [text, entry] of table) {
    const message = `UPSTREAMS=${JSON.stringify(text)} cannot be used: it must list hosts with their ports, such as web1:3000,web2:3000; "${entry}" is invalid.`;
    assert.throws(() => readConfig({ UPSTREAMS: text }), { name: 'ConfigError', message }, text);
  }
});

test('each other variable is read, or refused by its name and value', () => {
  const times = ['RESOLVE_INTERVAL_MS', 'HEALTH_INTERVAL_MS', 'CONNECT_TIMEOUT_MS', 'TRY_TIMEOUT_MS', 'DEADLINE_MS'];
  const numbers = ['PORT', 'IDLE_TIMEOUT_MS', 'MAX_HEADER_BYTES', 'MAX_BODY_BYTES', ...times];
  for (const name of numbers) {
    assert.equal((readConfig({ [name]: '4711' }) as Record<string, unknown>)[name], 4711, name);
    for (const bad of ['-1', '1.5', '1e3', 'many', '99999999999']) {
      const refusal = {
        name: 'ConfigError',
        message: new RegExp(`^${name}="${bad}" cannot be used: it must be a whole`),
      };
      assert.throws(() => readConfig({ [name]: bad }), refusal, `${name}=${bad}`);
    }
  }
  // A repeat is recognised for 40 s, and a write may reach Redis almost 21 s after it was sent.
  assert.throws(() => readConfig({ DEADLINE_MS: '19001' }), /it must be a whole number from 1 to 19000\./);
  assert.equal(readConfig({ BIND_ADDRESS: '127.0.0.1' }).BIND_ADDRESS, '127.0.0.1');
  assert.equal(readConfig({ LOG_LEVEL: 'debug' }).LOG_LEVEL, 'debug');
  assert.throws(
    () => readConfig({ LOG_LEVEL: 'loud' }),
    /^ConfigError: LOG_LEVEL="loud" cannot be used: it must be one of trace/,
  );
  const { TRUSTED_PROXIES } = readConfig({ TRUSTED_PROXIES: '172.16.0.0/12, loopback' });
  assert.deepEqual(
    ['172.18.0.1', '127.0.0.1', '8.8.8.8'].map((address) => TRUSTED_PROXIES(address, 0)),
    [true, true, false],
  );
  assert.throws(
    () => readConfig({ TRUSTED_PROXIES: 'friends' }),
    /^ConfigError: TRUSTED_PROXIES="friends" cannot be used/,
  );
});

test('all that is wrong is reported at once', () => {
  const message = (() => {
    try {
      readConfig({ PORT: 'x', UPSTREAMS: 'y' });
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.message;
    }
    return '';
  })();
  assert.deepEqual(
    message
      .split('\n')
      .map((line) => line.split('=')[0])
      .sort(),
    ['PORT', 'UPSTREAMS'],
  );
});
