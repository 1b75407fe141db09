// The kind of a failure, from the errors that real sockets, undici and ioredis give.
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { type FailureKind, kindOf, Unreachable } from '@container-counter/network/failure';
import { freePort } from '@container-counter/network/free-ports';
import { startServer } from '@container-counter/testing/listening';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { Redis } from 'ioredis';
import { Agent, request } from 'undici';

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
  // Short: a server that says nothing is waited for.
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
  test(`${name}: ${kind}`, async (t) => assert.equal(kindOf(await make(t)), kind));
}

test('a Redis that asks for a password', { skip: noRedis() }, async (t) => {
  const { port } = await startRedis(t, { args: ['--requirepass', 'secret'] });
  const patient = { commandTimeout: 10_000 };
  assert.equal(kindOf(await redisFailure(t, port, patient)), 'password');
  assert.equal(kindOf(await redisFailure(t, port, { ...patient, password: 'wrong' })), 'password');
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
  ['no file descriptors', Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' })],
  ['no file descriptors', Object.assign(new Error('socket ENFILE'), { code: 'ENFILE' })],
  ['no local port', Object.assign(new Error('connect EADDRNOTAVAIL'), { code: 'EADDRNOTAVAIL' })],
  ['certificate', Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })],
  ['certificate', Object.assign(new Error('unable to verify'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })],
  ['certificate', Object.assign(new Error('another name'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
  ['no tls', Object.assign(new Error('4083:error:wrong version number:tls'), { code: 'EPROTO' })],
  ['no tls', Object.assign(new Error('error:0A00010B'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' })],
  ['client certificate', Object.assign(new Error('x'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })],
  ['tls failed', Object.assign(new Error('x'), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })],
  ['tls required', new Error('Unknown RESP type 21 "\u0015". Please report this.')],
  ['tls required', new Error('Protocol error, got "\\u0015" as reply type byte. Please report this.')],
  ['not redis', new Error('Unknown RESP type 72 "H". Please report this.')],
  ['not redis', new Error('Protocol error, got "H" as reply type byte')],
  ['protected mode', new Error('DENIED Redis is running in protected mode because')],
  ['too many clients', new Error('ERR max number of clients reached')],
  ['too many clients', new Error('ERR max number of clients + cluster connections reached')],
  ['busy', new Error('BUSY Redis is busy running a script.')],
  ['no permission', new Error("NOPERM User me has no permissions to run the 'evalsha' command")],
  ['no such database', new Error('ERR DB index is out of range')],
  ['no such database', new Error('ERR invalid DB index')],
  ['no such database', Object.assign(new Error('ERR value is not an integer'), { command: { name: 'select' } })],
  ['cluster', new Error('ERR SELECT is not allowed in cluster mode')],
  ['cluster', new Error('MOVED 1 192.0.2.1:6379')],
  ['read-only', new Error("READONLY You can't write against a read only replica.")],
  ['read-only', new Error('MASTERDOWN Link with MASTER is down')],
  ['too few replicas', new Error('NOREPLICAS Not enough good replicas to write.')],
  ['cannot persist', new Error('MISCONF Errors writing to the AOF file: No space left on device')],
  ['unknown command', new Error("ERR unknown command 'evalsha', with args beginning with: ")],
  [
    'refused',
    new AggregateError([Object.assign(new Error('x'), { code: 'EADDRNOTAVAIL' }), new Unreachable('refused')]),
  ],
  ['other', new AggregateError([])],
  ['other', new Error('ERR something else')],
  ['other', Object.assign(new Error('bind EACCES'), { code: 'EACCES' })],
];

// What Redis replies to a script, as it comes from `redis.call` and from `redis.pcall`: by Redis 6.0 and 6.2, which say the
// same, by Redis 7.0, and by Redis 8.0 and Valkey 8.0, which do.
const IN_6 = 'ERR Error running script (call to f_c0d87a084686d7215e1c194fbbed21671d0c01f7): @user_script:29: ';
const SINCE_7 = ' script: c0d87a084686d7215e1c194fbbed21671d0c01f7, on @user_script:29.';
const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const NO_INTEGER = 'ERR value is not an integer or out of range';
const READ_ONLY = "READONLY You can't write against a read only replica.";
const NO_DISK = 'MISCONF Redis is configured to save RDB snapshots, but is currently not able to persist on disk.';
const FROM_SCRIPTS: readonly (readonly [FailureKind, string])[] = [
  ['wrong type', IN_6 + WRONG_TYPE],
  ['wrong type', WRONG_TYPE + SINCE_7],
  ['wrong type', WRONG_TYPE],
  ['wrong type', IN_6 + NO_INTEGER],
  ['wrong type', NO_INTEGER + SINCE_7],
  ['wrong type', NO_INTEGER],
  ['wrong type', 'ERR hash value is not an integer'],
  ['wrong type', 'ERR increment or decrement would overflow'],
  ['wrong type', `${IN_6}ERR increment or decrement would overflow`],
  ['wrong type', 'ERR value is not a valid float'],
  ['wrong type', 'ERR resulting score is not a number (NaN)'],
  ['out of memory', `${IN_6}@user_script: 29: -OOM command not allowed when used memory > 'maxmemory'.  `],
  ['out of memory', "@user_script: 53: -OOM command not allowed when used memory > 'maxmemory'.  "],
  ['out of memory', `OOM command not allowed when used memory > 'maxmemory'.${SINCE_7}`],
  ['out of memory', "OOM command not allowed when used memory > 'maxmemory'."],
  ['read-only', `${IN_6}@user_script: 29: -${READ_ONLY}  `],
  ['read-only', `@user_script: 53: -${READ_ONLY}  `],
  ['read-only', READ_ONLY + SINCE_7],
  ['too few replicas', '@user_script: 53: -NOREPLICAS Not enough good replicas to write.  '],
  ['too few replicas', `NOREPLICAS Not enough good replicas to write.${SINCE_7}`],
  ['cannot persist', `@user_script: 53: -${NO_DISK}`],
  ['cannot persist', NO_DISK + SINCE_7],
  ['no permission', "@user_script: 53: The user executing the script can't run this command or subcommand"],
  ['no permission', `${IN_6}@user_script: 29: The user executing the script can't run this command or subcommand`],
  ['no permission', "ERR The user executing the script can't run this command or subcommand"],
  ['no permission', `ERR The user executing the script can't run this command or subcommand${SINCE_7}`],
  ['no permission', "ERR ACL failure in script: User g has no permissions to run the 'incr' command"],
  ['no permission', `ERR ACL failure in script: User g has no permissions to run the 'time' command${SINCE_7}`],
  ['no permission', 'NOPERM No permissions to access a key'],
  ['unknown command', '@user_script: 53: Unknown Redis command called from Lua script'],
  ['unknown command', `ERR Unknown Redis command called from script${SINCE_7}`],
];

for (const [kind, message] of FROM_SCRIPTS) {
  test(`a script says ${message}: ${kind}`, () => assert.equal(kindOf(new Error(message)), kind));
}

for (const [kind, error] of CONSTRUCTED) {
  test(`${(error as Error).message}: ${kind}`, () => assert.equal(kindOf(error), kind));
}
