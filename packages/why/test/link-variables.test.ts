// The variables of a link are told from others, and those that it copied from the ones that it made.
import assert from 'node:assert/strict';
import test from 'node:test';
import { linksIn } from '../src/link-variables.ts';

const OF_LINK = {
  REDIS_SERVER_NAME: '/web1/redis-server',
  REDIS_SERVER_PORT: 'tcp://172.17.0.2:6379',
  REDIS_SERVER_PORT_6379_TCP: 'tcp://172.17.0.2:6379',
  REDIS_SERVER_ENV_PASSWORD: 'secret',
};

test('a link with all that it sets', () =>
  assert.deepEqual(linksIn({ ...OF_LINK, REDIS_URL: 'redis://redis', HOSTNAME: 'web1' }), [
    {
      alias: 'redis-server',
      port: 'tcp://172.17.0.2:6379',
      names: ['REDIS_SERVER_NAME', 'REDIS_SERVER_PORT', 'REDIS_SERVER_PORT_6379_TCP'],
      copied: ['REDIS_SERVER_ENV_PASSWORD'],
    },
  ]));

test('two links, in natural order, where the name of one begins as the other', () => {
  const env = {
    WEB_10_NAME: '/p/web-10',
    WEB_NAME: '/p/web',
    WEB_PORT: 'tcp://172.17.0.3:3000',
    WEB_2_NAME: '/p/web-2',
  };
  assert.deepEqual(
    linksIn(env).map(({ alias, port, names }) => [alias, port, names]),
    [
      ['web', 'tcp://172.17.0.3:3000', ['WEB_NAME', 'WEB_PORT']],
      ['web-2', null, ['WEB_2_NAME']],
      ['web-10', null, ['WEB_10_NAME']],
    ],
  );
});

for (const env of [
  { REDIS_PORT: 'tcp://10.0.0.7:6379', REDIS_SERVICE_HOST: '10.0.0.7' }, // Kubernetes
  { APP_NAME: '/srv/other', OTHER_NAME: 'redis', HOME: '/home/node' },
  {},
]) {
  test(`no link: ${Object.keys(env)}`, () => assert.deepEqual(linksIn(env), []));
}
