// The kind of a failure, from the errors that real sockets, undici and ioredis give.
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { type FailureKind, kindOf, Unreachable } from '@container-counter/network/failure';
import { freePort } from '@container-counter/testing/port';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { Redis } from 'ioredis';
import { Agent, request } from 'undici';

/** A server that does with each connection only what `serve` says. */
const startServer = async (t: TestContext, serve: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

const failureOf = async (failing: Promise<unknown>): Promise<unknown> => {
  try {
    await failing;
  } catch (error) {
    return error;
  }
  return assert.fail('it did not fail');
};

/** What a Redis client runs into with its first command. */
const redisFailure = async (
  t: TestContext,
  port: number,
  options: { commandTimeout?: number; socketTimeout?: number; password?: string } = {},
): Promise<unknown> => {
  const fast = { commandTimeout: 50, retryStrategy: () => null, maxRetriesPerRequest: 0, lazyConnect: true } as const;
  const redis = new Redis(port, '127.0.0.1', { ...fast, disconnectTimeout: 1, ...options });
  t.after(() => redis.disconnect());
  const failed = once(redis, 'error').catch((error) => [error]);
  redis.connect().catch(() => {});
  return (await failed)[0];
};

const httpFailure = (t: TestContext, port: number): Promise<unknown> => {
  const dispatcher = new Agent({ headersTimeout: 50 });
  t.after(() => dispatcher.destroy());
  return failureOf(request(`http://127.0.0.1:${port}/`, { dispatcher }));
};

const MADE: Readonly<Record<string, readonly [FailureKind, (t: TestContext) => Promise<unknown>]>> = {
  'a name that nobody knows': ['unresolved', () => failureOf(lookup('x'.repeat(64)))],
  'a port where nobody listens': ['refused', async () => failureOf(once(connect(await freePort()), 'connect'))],
  'localhost, whose addresses all refuse': [
    'refused',
    async () => failureOf(once(connect(await freePort(), 'localhost'), 'connect')),
  ],
  'a refusal to undici': ['refused', async (t) => httpFailure(t, await freePort())],
  'a refusal to ioredis': ['refused', async (t) => redisFailure(t, await freePort())],
  'a server that closes each connection, to undici': [
    'closed',
    async (t) => httpFailure(t, await startServer(t, (socket) => socket.once('data', () => socket.end()))),
  ],
  'a server that resets each connection': [
    'closed',
    async (t) => httpFailure(t, await startServer(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))),
  ],
  'a server that says nothing, to undici': ['silent', async (t) => httpFailure(t, await startServer(t, () => {}))],
  'a server that says nothing, to ioredis': ['silent', async (t) => redisFailure(t, await startServer(t, () => {}))],
  'a server that stops talking, to ioredis': [
    'silent',
    async (t) => redisFailure(t, await startServer(t, () => {}), { commandTimeout: 60_000, socketTimeout: 50 }),
  ],
};

for (const [name, [kind, make]] of Object.entries(MADE)) {
  test(`${name}: ${kind}`, { timeout: 10_000 }, async (t) => assert.equal(kindOf(await make(t)), kind));
}

test('a Redis that asks for a password', { skip: noRedis() }, async (t) => {
  const { port } = await startRedis(t, { args: ['--requirepass', 'secret'] });
  assert.equal(kindOf(await redisFailure(t, port)), 'password');
  assert.equal(kindOf(await redisFailure(t, port, { password: 'wrong' })), 'password');
});

// Those that no loopback makes.
const CONSTRUCTED: readonly (readonly [FailureKind, unknown])[] = [
  ['no resolver', Object.assign(new Error('getaddrinfo EAI_AGAIN db'), { code: 'EAI_AGAIN' })],
  ['unreachable', Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH' })],
  ['unreachable', Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH' })],
  ['unanswered', Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })],
  ['unanswered', Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' })],
  ['loading', new Error('LOADING Redis is loading the dataset in memory')],
  ['closed', new Error('Connection is closed.')],
  ['silent', new Unreachable('silent')],
  ['other', new Error('OOM command not allowed')],
  ['other', Object.assign(new Error('bind EACCES'), { code: 'EACCES' })],
];

for (const [kind, error] of CONSTRUCTED) {
  test(`${(error as Error).message}: ${kind}`, () => assert.equal(kindOf(error), kind));
}
