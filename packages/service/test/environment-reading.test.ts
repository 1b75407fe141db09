// How a whole environment is read: defaults, empty values, several faults, and passwords.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ConfigError, port, readEnvironment, redisUrl, str } from '@container-counter/service/environment';

const SPECS = {
  PORT: port({ default: 3000 }),
  NAME: str({ default: undefined }),
  URL: redisUrl({ default: new URL('redis://redis:6379') }),
};

const sentenceFor = (url: string): string => {
  try {
    readEnvironment({ URL: url }, SPECS);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail(`${url} was accepted`);
};

test('an unset variable has its default', () => {
  const { PORT, NAME, URL: url } = readEnvironment({}, SPECS);
  assert.deepEqual([PORT, NAME, url.href], [3000, undefined, 'redis://redis:6379']);
});

test('an empty variable counts as unset', () => {
  const { PORT, NAME, URL: url } = readEnvironment({ PORT: '', NAME: '', URL: '' }, SPECS);
  assert.deepEqual([PORT, NAME, url.href], [3000, undefined, 'redis://redis:6379']);
});

test('what a legacy link writes counts as unset, and only that', () => {
  const spec = { PROXY_PORT: port({ default: 8080 }) };
  assert.equal(readEnvironment({ PROXY_PORT: 'tcp://172.17.0.2:8080' }, spec).PROXY_PORT, 8080);
  assert.throws(() => readEnvironment({ PROXY_PORT: '172.17.0.2:8080' }, spec), ConfigError);
  assert.throws(() => readEnvironment({ URL: 'tcp://db:6379' }, SPECS), ConfigError);
});

test('every variable that cannot be used has its own line', () => {
  const bad = { PORT: 'web', NAME: 'web1', URL: 'db', OTHER: 'ignored' };
  assert.throws(
    () => readEnvironment(bad, SPECS),
    new ConfigError(
      'PORT="web" cannot be used: it must be a whole number from 0 to 65535.\n' +
        'URL="db" cannot be used: it must be a URL such as redis://db:6379.',
    ),
  );
});

const HIDDEN: readonly (readonly [string, string])[] = [
  ['http://:secret@db:6379', 'http://***@db:6379'],
  ['http://user:secret@db:6379', 'http://***@db:6379'],
  ['redis://:sec/ret@db:6379', 'redis://***@db:6379'],
  ['http://:sec@ret@db:6379', 'http://***@db:6379'],
  [':secret@db:6379', '***@db:6379'],
  ['redis:secret@db:6379', '***@db:6379'],
];

for (const [url, shown] of HIDDEN) {
  test(`the password in ${url} is not shown`, () =>
    assert.equal(sentenceFor(url), `URL="${shown}" cannot be used: it must be a URL such as redis://db:6379.`));
}
