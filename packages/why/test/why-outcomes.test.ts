// How `counter why` ends, from real servers on loopback; what needs networks of containers is tested in Docker.
import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import test, { type TestContext } from 'node:test';
import { explain, type FailureKind, Unreachable } from '@container-counter/network/failure';
import { freePort } from '@container-counter/network/free-ports';
import { listening, startServer } from '@container-counter/testing/listening';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { InvalidDestination, parseDestination } from '../src/destination.ts';
import { diagnose } from '../src/why.ts';
import { whyText } from '../src/why-text.ts';

const saying = (t: TestContext, words: string) => startServer(t, (socket) => socket.write(words));

const diagnosed = (text: string) => diagnose(parseDestination(text, {}), {}, 300);

const FAILING: Readonly<Record<string, readonly [FailureKind, (t: TestContext) => Promise<number>]>> = {
  'nobody listens': ['refused', () => freePort()],
  'a server that closes each connection': ['closed', (t) => startServer(t, (socket) => socket.end())],
  'a server that resets each connection': ['closed', (t) => startServer(t, (socket) => socket.resetAndDestroy())],
  'a server that says nothing': ['silent', (t) => startServer(t, () => {})],
  'a web server': ['not redis', (t) => listening(t, createHttpServer())],
  'a mail server': ['not redis', (t) => saying(t, '220 mail.example.net ESMTP\r\n')],
  'a Redis that loads': ['loading', (t) => saying(t, '-LOADING Redis is loading the dataset in memory\r\n')],
  'a Redis that is protected': ['protected mode', (t) => saying(t, '-DENIED Redis is running in protected mode\r\n')],
};

for (const [name, [kind, make]] of Object.entries(FAILING)) {
  test(`${name}: ${kind}`, async (t) => {
    const port = await make(t);
    const { reachable, failure, attempts, view } = await diagnosed(`redis://127.0.0.1:${port}`);
    assert.equal(reachable, false);
    assert.equal(attempts[0]?.failure, kind);
    assert.equal(attempts[0]?.route?.interface, 'lo');
    const target = { what: 'Redis', host: '127.0.0.1', port };
    assert.equal(failure?.sentence, explain(new Unreachable(kind), target, view).sentence, 'as the services say it');
    assert.ok((failure?.remedies.length ?? 0) > 0);
  });
}

test('a name that nobody knows', async () => {
  const found = await diagnosed('x'.repeat(64));
  assert.deepEqual([found.reachable, found.attempts.length], [false, 0]);
  const target = { what: 'The server', host: found.host, port: 0 };
  assert.equal(found.failure?.sentence, explain(new Unreachable('unresolved'), target, found.view).sentence);
  assert.match(whyText(found), /^2 address {5}none\n\nThe server: the name "x+" does not resolve/m);
});

test('a name that resolves, and no port', () => assert.rejects(diagnosed('localhost'), InvalidDestination));

test('an address without a port is asked for one in a form that is taken', () =>
  assert.rejects(diagnosed('::1'), { message: 'Which port of "::1"? Add it, as in [::1]:6379.' }));

test('names are the same in other letters', async (t) => {
  const port = await startServer(t, () => {});
  const { name } = await diagnosed(`LOCALHOST:${port}`);
  assert.ok(name.source === 'hosts file' && name.hostsLine?.names.includes('localhost'));
});

test('a server that is no Redis need not say anything', async (t) => {
  const port = await startServer(t, () => {});
  const found = await diagnosed(`localhost:${port}`);
  assert.deepEqual([found.reachable, found.failure, found.name.source], [true, null, 'hosts file']);
  assert.match(whyText(found), /^4 connection {2}.*to port \d+: open after [\d.]+ ms$/m);
  assert.match(whyText(found), /\n\nReachable\.$/);
});

test('a Redis, with and without a password', { skip: noRedis() }, async (t) => {
  const open = await startRedis(t);
  const locked = await startRedis(t, { args: ['--requirepass', 'secret'] });
  assert.match(whyText(await diagnosed(open.url)), /^5 Redis {7}PONG$/m);
  assert.equal((await diagnosed(`redis://:needless@127.0.0.1:${open.port}`)).reachable, true);
  assert.equal((await diagnosed(locked.url)).failure?.kind, 'password');
  assert.equal((await diagnosed(`redis://:wrong@127.0.0.1:${locked.port}`)).failure?.kind, 'password');
  assert.equal((await diagnosed(`redis://:secret@127.0.0.1:${locked.port}`)).reachable, true);
  assert.equal((await diagnosed(`redis://default:secret@127.0.0.1:${locked.port}`)).reachable, true);
});
