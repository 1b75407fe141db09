// The whole sentence of each kind of failure.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, type FailureKind, type Target, Unreachable } from '@container-counter/network/failure';
import type { NetworkEnvironment } from '@container-counter/network/network-environment';

const LINKS = [
  { address: '172.17.0.3', names: ['store', '3f2a9c1b7d55'] },
  { address: '172.17.0.2', names: ['redis', '0d6c2f1f6a1b', 'redis-server'] },
  { address: '172.17.0.2', names: ['redis-server', '0d6c2f1f6a1b'] },
];
const MACHINE: NetworkEnvironment = { hosts: LINKS, nameServers: [], connection: 'machine' };
const REDIS: Target = { what: 'Redis', host: 'db', port: 6379 };

const SENTENCES: Readonly<Record<Exclude<FailureKind, 'other'>, string>> = {
  unresolved:
    'Redis: the name "db" does not resolve. Check that a container with this name or alias runs and does not keep restarting, and that it shares a network (or a link) with this one.',
  'no resolver':
    'Redis: no resolver answered for the name "db". Check that a container with this name or alias runs, and the name server in /etc/resolv.conf.',
  'no names':
    'Redis: the name "db" does not resolve, because this container is on the default bridge (or the host\'s network), which resolves only the names of links. Connect both containers to a user-defined network.',
  'no network':
    'Redis: "db" cannot be reached, because this container has no network but its own loopback. Connect it to the network of the other one.',
  refused:
    'Redis at db:6379 refused the connection: its host is up, but nothing listens on that port. Check that the server runs, and that it listens on more than loopback.',
  unreachable: 'Redis at db:6379 has no route from here. Check that both containers are connected to the same network.',
  unanswered:
    'Redis at db:6379 did not respond to the connection attempt. Check that it runs, and that both containers are connected to the same network.',
  'stale link':
    'Redis at db:6379 is not at the address that the link wrote. The name comes from a line in /etc/hosts, as a link writes it: if "db" was removed and recreated, that line is stale, and this container must be recreated as well.',
  silent:
    'Redis at db:6379 is connected but does not respond in time. Check whether it is paused or overloaded, or was disconnected from the network.',
  closed: 'Redis at db:6379 closed the connection before it responded. Check whether it is restarting.',
  restarting: 'Redis: "db" keeps restarting. restarting',
  stopped: 'Redis: "db" does not run. stopped',
  paused: 'Redis: "db" is paused. paused',
  ambiguous: 'More than one server is called db. ambiguous',
  'dead port': 'localhost:6379 leads nowhere. dead port',
  'no alias': '"db" does not lead to all that it should. no alias',
  'no such link':
    'Redis: the name "db" does not resolve, but this container has links to "redis", "store". Use that name, as in REDIS_URL=redis://redis:6379.',
  'no file descriptors':
    'Redis at db:6379 was not tried: this process has as many files and connections open as the system allows. Raise that limit (ulimit -n, or ulimits: nofile in the Compose file), or admit fewer clients.',
  'no local port':
    'Redis at db:6379 was not tried: this process has no free local port left to connect from, or no IPv6 for such an address. Admit fewer clients, widen net.ipv4.ip_local_port_range, or use IPv4.',
  'tls required': 'Redis at db:6379 requires TLS. Use rediss:// instead of redis:// in its URL.',
  'no tls':
    'Redis at db:6379 does not speak TLS on this port. Use redis:// instead of rediss:// in its URL, or the port on which it does.',
  certificate:
    'Redis at db:6379 shows a certificate that is not accepted (certificate). Name the file with the certificate of its authority (CA) in NODE_EXTRA_CA_CERTS.',
  'client certificate':
    'Redis at db:6379 requires a certificate from its clients, and this one has none. Start Redis with --tls-auth-clients no, and let a password tell who may use it.',
  'tls failed':
    'Redis at db:6379 and this client could not agree on TLS (tls failed). Check the TLS versions, ciphers and certificate of the server.',
  'not redis':
    'Redis at db:6379 is not a Redis server: it does not speak the Redis protocol. Check the host and the port, and which program listens there.',
  'unknown command':
    'Redis at db:6379 lacks a command that this program needs (unknown command). Use a Redis or Valkey server itself, not a Sentinel, and do not rename its commands.',
  'protected mode':
    'Redis at db:6379 is in protected mode: it has no password, so it refuses clients from other hosts. Set a password (requirepass), or start it with --protected-mode no where only your own containers reach it.',
  'too many clients':
    'Redis at db:6379 has as many clients as it allows, and refuses more. Close connections that are not needed, or start it with a higher --maxclients.',
  busy: 'Redis at db:6379 is busy with a script that does not end. Stop that script with redis-cli script kill.',
  'no permission':
    "Redis at db:6379 denies this user what it needs (no permission). Grant it with redis-cli acl setuser NAME +@all ~* '&*', or use another user in the URL.",
  'no such database':
    'Redis at db:6379 has no database with the number in the URL. Use one that it has, by default 0 to 15, as in redis://db:6379/0.',
  'wrong type':
    'Redis at db:6379 stores something else under a key of the counter (wrong type). Rename that key with redis-cli, or use another database.',
  'read-only':
    'Redis at db:6379 is a read-only replica of another Redis, so it cannot count. Use the address of its primary, or make it one with redis-cli replicaof no one.',
  'too few replicas':
    'Redis at db:6379 refuses writes because too few replicas follow it. Start its replicas, or lower min-replicas-to-write.',
  'out of memory':
    'Redis at db:6379 has used all of its memory (maxmemory) and stores nothing more. Delete records, or raise the limit, as with redis-cli config set maxmemory 512mb.',
  'cannot persist':
    'Redis at db:6379 refuses writes because it could not save its data. Its log says why; free the disk, or let it write to its folder.',
  eviction:
    'Redis at db:6379 may evict counts when its memory is full. Turn that off with redis-cli config set maxmemory-policy noeviction.',
  loading: 'Redis at db:6379 is still loading its data. Wait until it is done.',
  password:
    'Redis at db:6379 asks for another password. Give it in the URL, as in redis://:PASSWORD@db:6379, or in the file that REDIS_PASSWORD_FILE names.',
  cluster:
    'Redis at db:6379 is a node of a Redis Cluster, which keeps its keys in many places. Use a single Redis: one script counts a hit in all keys at once.',
};

for (const [kind, sentence] of Object.entries(SENTENCES) as [FailureKind, string][]) {
  test(kind, () => assert.deepEqual(explain(new Unreachable(kind), REDIS, MACHINE), { kind, sentence }));
}

for (const message of ['strange', 'strange.']) {
  test(`other: ${message}`, () =>
    assert.deepEqual(explain(new Error(message), REDIS, MACHINE), {
      kind: 'other',
      sentence: 'Redis at db:6379 failed: strange.',
    }));
}

test('what Docker knows of a container goes into the sentence', () => {
  const detail = 'The container redis-1 ended with exit code 1.';
  const sentence = (kind: FailureKind) => explain(new Unreachable(kind, { detail }), REDIS, MACHINE).sentence;
  assert.equal(sentence('restarting'), `Redis: "db" keeps restarting. ${detail}`);
  assert.equal(sentence('stale link'), `Redis: the link to "db" is stale. ${detail}`);
});

const CODES: readonly (readonly [code: string, message: string, says: RegExp])[] = [
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
    /\(self-signed certificate\)\. Name the file .* in NODE_EXTRA_CA_CERTS\.$/,
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "Hostname/IP does not match certificate's altnames: Host: db. is not in the cert's altnames: DNS:redis.test",
    /altnames: DNS:redis\.test\)\. Use a host name in the URL that the certificate is for\.$/,
  ],
  ['CERT_HAS_EXPIRED', 'certificate has expired', /\(certificate has expired\)\. Renew it\.$/],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', '4083:error:0A000102:SSL routines::unsupported', /\(ERR_SSL_UNSUPPORTED_PROTOCOL\)/],
];

for (const [code, message, says] of CODES) {
  test(code, () => assert.match(explain(Object.assign(new Error(message), { code }), REDIS, MACHINE).sentence, says));
}

test('an upstream that is not found among the links of a proxy', () => {
  const target = { what: 'The replica', host: 'web', port: 3000 };
  const environment: NetworkEnvironment = { hosts: LINKS, nameServers: [], connection: 'default bridge' };
  for (const kind of ['unresolved', 'no resolver'] as const) {
    assert.deepEqual(explain(new Unreachable(kind), target, environment), {
      kind: 'no such link',
      sentence:
        'The replica: the name "web" does not resolve, but this container has links to "redis", "store". Name them, as in UPSTREAMS=redis:3000,store:3000.',
    });
  }
});

for (const thrown of [undefined, null, 'strange', 7, Object.create(null)]) {
  test(`what was thrown is no error: ${typeof thrown}`, () =>
    assert.match(
      explain(thrown, REDIS, MACHINE).sentence,
      /^Redis at db:6379 failed: (strange|no reason was given)\.$/,
    ));
}

test('an IPv6 address stands in brackets', () => {
  const { sentence } = explain(new Unreachable('closed'), { what: 'Redis', host: '::1', port: 6379 });
  assert.equal(
    sentence,
    'Redis at [::1]:6379 closed the connection before it responded. Check whether it is restarting.',
  );
});

test('what a script adds to the reply of Redis is not in the sentence', () => {
  for (const message of [
    "@user_script: 53: The user executing the script can't run this command or subcommand",
    "ERR Error running script (call to f_1): @user_script:29: @user_script: 29: The user executing the script can't run this command or subcommand",
    "The user executing the script can't run this command or subcommand script: 1, on @user_script:22.",
  ]) {
    assert.match(
      explain(new Error(message), REDIS, MACHINE).sentence,
      /needs \(The user executing the script can't run this command or subcommand\)\./,
    );
  }
});

test('what a server says does not control a terminal', () => {
  const { sentence } = explain(new Error('ERR \u001b]0;owned\u0007 and \u009b31m'), REDIS, MACHINE);
  assert.equal(sentence, 'Redis at db:6379 failed: ERR \\x1b]0;owned\\x07 and \\x9b31m.');
});

test('the scheme to use is that of the server', () => {
  const { sentence } = explain(new Unreachable('no tls'), { what: 'The counter', host: 'web', port: 443 }, MACHINE);
  assert.match(
    sentence,
    /^The counter at web:443 does not speak TLS on this port\. Use http:\/\/ instead of https:\/\//,
  );
});
