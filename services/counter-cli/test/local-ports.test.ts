// `counter up local` where a port is taken: it starts nothing, and names the port and the variable that changes it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { cli } from './cli.ts';
import { localEnvironment } from './local.ts';

const loopbacks = networkInterfaces()['lo'] ?? [];
const noIPv6 = loopbacks.some(({ address }) => address === '::1') ? false : 'loopback has no IPv6 here';

const take = async (t: TestContext, port: number, host = '127.0.0.1'): Promise<void> => {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  t.after(() => server.close());
};

for (const [variable, offset, remedy] of [
  ['PROXY_PORT', 0, 'PROXY_PORT=8081 make up'],
  ['WEB_PORT', 2, 'WEB_PORT=3101 make up'],
  ['LOCAL_REDIS_PORT', 0, 'LOCAL_REDIS_PORT=6380 make up'],
] as const) {
  test(`taken: ${variable} + ${offset}`, async (t) => {
    const env = await localEnvironment(t);
    const port = Number(env[variable]) + offset;
    await take(t, port);
    const { code, out, err } = await cli(['up', 'local'], { env });
    const taken = `port ${port} is taken by another program; set ${variable} to a free one, as in ${remedy}`;
    const other = `, or use what runs there: REDIS_URL=redis://127.0.0.1:${port} make up`;
    assert.equal(err, `${taken}${variable === 'LOCAL_REDIS_PORT' ? other : ''}\n`);
    assert.equal(out, '');
    assert.equal(code, 2);
  });
}

// To a browser, localhost may be this address first.
test('the port of the proxy is taken at ::1', { skip: noIPv6 }, async (t) => {
  const env = await localEnvironment(t);
  await take(t, Number(env['PROXY_PORT']), '::1');
  const { code, err } = await cli(['up', 'local'], { env });
  assert.match(err, /^port \d+ is taken by another program; set PROXY_PORT to a free one/);
  assert.equal(code, 2);
});

test('two programs of ours on one port', async (t) => {
  const env = await localEnvironment(t);
  const { code, err } = await cli(['up', 'local'], { env: { ...env, PROXY_PORT: env['WEB_PORT'] ?? '' } });
  assert.equal(err, `PROXY_PORT asks for port ${env['WEB_PORT']}, which proxy already uses; choose another.\n`);
  assert.equal(code, 2);
});

test('a folder in which nothing can be stored is named, with the variable that changes it', async (t) => {
  const env = await localEnvironment(t);
  const { code, out, err } = await cli(['up', 'local'], { env: { ...env, LOCAL_DATA: '/dev/null/data' } });
  assert.match(
    err,
    /^Nothing can be stored in \/dev\/null\/data\/redis: ENOTDIR: .*\. Name another folder in LOCAL_DATA\.\n$/,
  );
  assert.deepEqual([code, out], [1, '']);
});
