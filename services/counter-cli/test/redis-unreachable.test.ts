// A Redis that cannot be reached: the reason in a sentence, within two seconds.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { cli } from './cli.ts';

test('nothing listens where a Redis of this machine would be', async () => {
  const port = await freePort();
  for (const args of [['keys'], ['reset', '--yes']]) {
    const { code, out, err } = await cli(args, { env: { LOCAL_REDIS_PORT: `${port}` } });
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, new RegExp(`^Redis at 127\\.0\\.0\\.1:${port} refused the connection: `));
    assert.ok(err.includes(`run "docker compose run --rm cli ${args[0]}"`), err);
  }
});

test('a Redis that was named is not looked for elsewhere', async () => {
  const port = await freePort();
  const { code, err } = await cli(['keys'], { env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
  assert.equal(code, 1);
  assert.doesNotMatch(err, /docker compose/);
});

test('a name that does not resolve', async () => {
  const { code, err } = await cli(['keys'], { env: { REDIS_URL: 'redis://db.invalid:6379' } });
  assert.equal(code, 1);
  assert.match(
    err,
    /^Redis: (the name "db\.invalid" does not resolve|no resolver answered for the name "db\.invalid")/,
  );
});

test('a server that accepts and never responds', async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, err } = await cli(['keys'], { env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
  assert.equal(code, 1);
  assert.match(err, new RegExp(`^Redis at 127\\.0\\.0\\.1:${port} is connected but does not respond in time`));
});

test('another password is asked for, and none is shown', { skip: noRedis() }, async (t) => {
  const { port } = await startRedis(t, { args: ['--requirepass', 'right'] });
  const { code, err } = await cli(['keys'], { env: { REDIS_URL: `redis://:secret@127.0.0.1:${port}` } });
  assert.equal(code, 1);
  assert.match(err, /asks for another password/);
  assert.doesNotMatch(err, /secret|right/);
});

test('a password in the query of the URL is not shown either', { skip: noRedis() }, async (t) => {
  const { url } = await startRedis(t, { args: ['--requirepass', 'secret'] });
  const env = { REDIS_URL: `${url}/0?password=secret` };
  assert.deepEqual(await cli(['keys'], { env }), { code: 0, out: 'no keys yet\n', err: '' });
  const { err } = await cli(['reset'], { env });
  assert.ok(err.startsWith(`Reset the counter at ${url}/0? `), err);
});

test('one that has as many clients as it allows says so', { skip: noRedis() }, async (t) => {
  const { url, port } = await startRedis(t, { args: ['--maxclients', '1'] });
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.after(() => socket.destroy());
  socket.write('PING\r\n');
  await once(socket, 'data');
  const { code, err } = await cli(['keys'], { env: { REDIS_URL: url } });
  assert.equal(code, 1);
  assert.match(err, /as many clients as it allows/);
});

test('the password is read from the file that REDIS_PASSWORD_FILE names', { skip: noRedis() }, async (t) => {
  const folder = await temporaryFolder(t, 'secret');
  const REDIS_PASSWORD_FILE = join(folder, 'redis-password');
  const { port } = await startRedis(t, { args: ['--requirepass', 's3cret/@'] });
  const env = { REDIS_URL: `redis://127.0.0.1:${port}`, REDIS_PASSWORD_FILE };
  const missing = await cli(['keys'], { env });
  assert.equal(missing.code, 2);
  assert.equal(
    missing.err,
    `REDIS_PASSWORD_FILE="${REDIS_PASSWORD_FILE}" cannot be used: there is no such file. Check that the secret is mounted there.\n`,
  );
  await writeFile(REDIS_PASSWORD_FILE, 's3cret/@\n');
  assert.deepEqual(await cli(['keys'], { env }), { code: 0, out: 'no keys yet\n', err: '' });
});
