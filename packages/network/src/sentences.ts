// The sentence for each kind of failure to reach a server: what is wrong, and what to do.
import { hostPort } from './addresses.ts';
import { ForeignValue } from './counter-keys.ts';
import { type FailureKind, redisErrorIn } from './failure-kind.ts';

/** Whom we wanted to reach: `what` is the name people use for it, such as `Redis`. */
export type Target = { readonly what: string; readonly host: string; readonly port: number };

/** @param links the names that this container has from its links */
type Sentence = (target: Target, error: NodeJS.ErrnoException, links: readonly string[]) => string;

const at = ({ what, host, port }: Target): string => `${what} at ${hostPort(host, port)}`;

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

// Up to where a message begins to give its own advice or internals.
const reason = ({ message }: Error): string =>
  redisErrorIn(message)
    .replace(/(;|\n|, with args).*/s, '')
    .replace(/[\s.:]+$/, '');

export const SENTENCES: Readonly<Record<FailureKind, Sentence>> = {
  unresolved: ({ what, host }) =>
    `${what}: the name "${host}" does not resolve. Check that a container with this name or alias runs and does not keep restarting, and that it shares a network (or a link) with this one.`,
  'no resolver': ({ what, host }) =>
    `${what}: no resolver answered for the name "${host}". Check that a container with this name or alias runs, and the name server in /etc/resolv.conf.`,
  'no names': ({ what, host }) =>
    `${what}: the name "${host}" does not resolve, because this container is on the default bridge (or the host's network), which resolves only the names of links. Connect both containers to a user-defined network.`,
  'no network': ({ what, host }) =>
    `${what}: "${host}" cannot be reached, because this container has no network but its own loopback. Connect it to the network of the other one.`,
  'no such link': ({ what, host, port }, _error, links) =>
    `${what}: the name "${host}" does not resolve, but this container has ${links.length === 1 ? 'a link' : 'links'} to ${links.map((name) => `"${name}"`).join(', ')}. ${useLinks(what, links, port)}`,
  refused: (target) =>
    `${at(target)} refused the connection: its host is up, but nothing listens on that port. Check that the server runs${isLoopback(target.host) ? '' : ', and that it listens on more than loopback'}.`,
  unreachable: (target) =>
    `${at(target)} has no route from here. Check that both containers are connected to the same network.`,
  unanswered: (target) =>
    `${at(target)} did not respond to the connection attempt. Check that it runs, and that both containers are connected to the same network.`,
  'stale link': (target, { message }) =>
    message === 'stale link'
      ? `${at(target)} is not at the address that the link wrote.${LINK_HINT(target)}`
      : `${target.what}: the link to "${target.host}" is stale. ${message}`,
  restarting: ({ what, host }, { message }) => `${what}: "${host}" keeps restarting. ${message}`,
  stopped: ({ what, host }, { message }) => `${what}: "${host}" does not run. ${message}`,
  ambiguous: ({ host }, { message }) => `More than one server is called ${host}. ${message}`,
  'no alias': ({ host }, { message }) => `"${host}" does not lead to all that it should. ${message}`,
  'dead port': ({ port }, { message }) => `localhost:${port} leads nowhere. ${message}`,
  paused: ({ what, host }, { message }) => `${what}: "${host}" is paused. ${message}`,
  silent: (target) =>
    `${at(target)} is connected but does not respond in time. Check whether it is paused or overloaded, or was disconnected from the network.`,
  closed: (target) => `${at(target)} closed the connection before it responded. Check whether it is restarting.`,
  'no file descriptors': (target) =>
    `${at(target)} was not tried: this process has as many files and connections open as the system allows. Raise that limit (ulimit -n, or ulimits: nofile in the Compose file), or admit fewer clients.`,
  'no local port': (target) =>
    `${at(target)} was not tried: this process has no free local port left to connect from, or no IPv6 for such an address. Admit fewer clients, widen net.ipv4.ip_local_port_range, or use IPv4.`,
  'tls required': (target) => `${at(target)} requires TLS. Use rediss:// instead of redis:// in its URL.`,
  'no tls': (target) =>
    `${at(target)} does not speak TLS on this port. Use ${target.what === 'Redis' ? 'redis:// instead of rediss://' : 'http:// instead of https://'} in its URL, or the port on which it does.`,
  certificate: (target, error) =>
    `${at(target)} shows a certificate that is not accepted (${reason(error)}). ${CERTIFICATE_CURES[error.code ?? ''] ?? TRUST_IT}`,
  'client certificate': (target) =>
    `${at(target)} requires a certificate from its clients, and this one has none. Start Redis with --tls-auth-clients no, and let a password tell who may use it.`,
  'tls failed': (target, { code, message }) =>
    `${at(target)} and this client could not agree on TLS (${code ?? message}). Check the TLS versions, ciphers and certificate of the server.`,
  'not redis': (target) =>
    `${at(target)} is not a Redis server: it does not speak the Redis protocol. Check the host and the port, and which program listens there.`,
  'unknown command': (target, error) =>
    `${at(target)} lacks a command that this program needs (${reason(error)}). Use a Redis or Valkey server itself, not a Sentinel, and do not rename its commands.`,
  'protected mode': (target) =>
    `${at(target)} is in protected mode: it has no password, so it refuses clients from other hosts. Set a password (requirepass), or start it with --protected-mode no where only your own containers reach it.`,
  'too many clients': (target) =>
    `${at(target)} has as many clients as it allows, and refuses more. Close connections that are not needed, or start it with a higher --maxclients.`,
  loading: (target) => `${at(target)} is still loading its data. Wait until it is done.`,
  busy: (target) =>
    `${at(target)} is busy with a script that does not end. Stop that script with redis-cli script kill.`,
  password: (target) =>
    `${at(target)} asks for another password. Give it in the URL, as in redis://:PASSWORD@${hostPort(target.host, target.port)}, or in the file that REDIS_PASSWORD_FILE names.`,
  'no permission': (target, error) =>
    `${at(target)} denies this user what it needs (${reason(error)}). Grant it with redis-cli acl setuser NAME +@all ~* '&*', or use another user in the URL.`,
  'no such database': (target) =>
    `${at(target)} has no database with the number in the URL. Use one that it has, by default 0 to 15, as in redis://${hostPort(target.host, target.port)}/0.`,
  'wrong type': (target, error) =>
    error instanceof ForeignValue
      ? error.message
      : `${at(target)} stores something else under a key of the counter (${reason(error)}). Rename that key with redis-cli, or use another database.`,
  'read-only': (target) =>
    `${at(target)} is a read-only replica of another Redis, so it cannot count. Use the address of its primary, or make it one with redis-cli replicaof no one.`,
  'too few replicas': (target) =>
    `${at(target)} refuses writes because too few replicas follow it. Start its replicas, or lower min-replicas-to-write.`,
  'out of memory': (target) =>
    `${at(target)} has used all of its memory (maxmemory) and stores nothing more. Delete records, or raise the limit, as with redis-cli config set maxmemory 512mb.`,
  'cannot persist': (target) =>
    `${at(target)} refuses writes because it could not save its data. Its log says why; free the disk, or let it write to its folder.`,
  eviction: (target) =>
    `${at(target)} may evict counts when its memory is full. Turn that off with redis-cli config set maxmemory-policy noeviction.`,
  cluster: (target) =>
    `${at(target)} is a node of a Redis Cluster, which keeps its keys in many places. Use a single Redis: one script counts a hit in all keys at once.`,
  other: (target, { message }) => `${at(target)} failed: ${message.replace(/\.$/, '')}.`,
};

// The setting in which a replica names Redis, and the proxy its replicas.
const useLinks = (what: string, links: readonly string[], port: number): string =>
  what === 'Redis'
    ? `Use that name, as in REDIS_URL=redis://${hostPort(links[0] ?? 'NAME', port)}.`
    : `Name ${links.length === 1 ? 'it' : 'them'}, as in UPSTREAMS=${links.map((name) => hostPort(name, port || 3000)).join(',')}.`;

const TRUST_IT = 'Name the file with the certificate of its authority (CA) in NODE_EXTRA_CA_CERTS.';

const CERTIFICATE_CURES: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use a host name in the URL that the certificate is for.',
  HOSTNAME_MISMATCH: 'Use a host name in the URL that the certificate is for.',
  CERT_HAS_EXPIRED: 'Renew it.',
  CERT_NOT_YET_VALID: 'Check the clocks of both hosts.',
};

/** Follows the sentence when the address comes from a link. */
export const LINK_HINT = ({ host }: Target): string =>
  ` The name comes from a line in /etc/hosts, as a link writes it: if "${host}" was removed and recreated, that line is stale, and this container must be recreated as well.`;
