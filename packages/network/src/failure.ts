// Says in one sentence why a server could not be reached, and what to try.
import { hostPort, type NameSource, sourceOf } from './addresses.ts';

export type FailureKind =
  | 'unresolved'
  | 'no resolver'
  | 'refused'
  | 'unreachable'
  | 'unanswered'
  | 'silent'
  | 'closed'
  | 'loading'
  | 'password'
  | 'cluster'
  | 'other';

/** Whom we wanted to reach: `what` is the name people use for it, such as `Redis`. */
export type Target = { readonly what: string; readonly host: string; readonly port: number };

export type Failure = { readonly kind: FailureKind; readonly sentence: string };

/** An error that carries its kind itself, for what no error code tells. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly kind: FailureKind;
  constructor(kind: FailureKind, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }
}

/** The kind of a failure to connect or to be answered, from the error that Node, undici or Redis gives. */
export const kindOf = (error: unknown): FailureKind => {
  if (error instanceof Unreachable) return error.kind;
  // Several addresses of one host were tried, and each failed.
  if (error instanceof AggregateError) return kindOf(error.errors[0]);
  const { code = '', message } = error as NodeJS.ErrnoException;
  return KIND_OF_CODE[code] ?? KIND_OF_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
};

/** Explains `error`; reads the hosts file to tell a link from a name that the resolver knows. */
export const explain = (error: unknown, target: Target, hostsFile?: string): Failure => {
  const kind = kindOf(error);
  const source = sourceOf(target.host, hostsFile);
  return { kind, sentence: `${SENTENCES[kind](target, error as Error)}${linkHint(kind, target, source)}` };
};

const KIND_OF_CODE: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'no resolver',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unanswered',
  UND_ERR_CONNECT_TIMEOUT: 'unanswered',
  UND_ERR_HEADERS_TIMEOUT: 'silent',
  UND_ERR_BODY_TIMEOUT: 'silent',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
};

// Redis and ioredis tell these only in words.
const KIND_OF_MESSAGE: readonly (readonly [RegExp, FailureKind])[] = [
  [/^LOADING/, 'loading'],
  [/^(NOAUTH|WRONGPASS)/, 'password'],
  [/^(CROSSSLOT|MOVED|CLUSTERDOWN)/, 'cluster'],
  [/Command timed out|Socket timeout/, 'silent'],
  [/Connection is closed|closed the connection/, 'closed'],
];

const at = ({ what, host, port }: Target): string => `${what} at ${hostPort(host, port)}`;

const SENTENCES: Readonly<Record<FailureKind, (target: Target, error: Error) => string>> = {
  unresolved: ({ what, host }) =>
    `${what}: the name "${host}" does not resolve. Check that a container with this name or alias runs, and that it shares a network (or a link) with this one.`,
  'no resolver': ({ what, host }) =>
    `${what}: no resolver answered for the name "${host}". Check that a container with this name or alias runs, and the name server in /etc/resolv.conf.`,
  refused: (target) =>
    `${at(target)} refused the connection: its host is up, but nothing listens on that port. Check that the server runs, and that it listens on more than loopback.`,
  unreachable: (target) =>
    `${at(target)} has no route from here. Check that both containers are connected to the same network.`,
  unanswered: (target) =>
    `${at(target)} did not answer the attempt to connect. Check that it runs, and that both containers are connected to the same network.`,
  silent: (target) =>
    `${at(target)} is connected but does not answer in time. Check whether it is paused or overloaded, or was disconnected from the network.`,
  closed: (target) => `${at(target)} closed the connection before it answered. Check whether it is restarting.`,
  loading: (target) => `${at(target)} is still loading its data. Wait until it is done.`,
  password: (target) =>
    `${at(target)} asks for another password. Give it in the URL, as in redis://:PASSWORD@${hostPort(target.host, target.port)}.`,
  cluster: (target) =>
    `${at(target)} is a node of a Redis Cluster, which keeps its keys in many places. Use a single Redis: one script counts a hit in all keys at once.`,
  other: (target, error) => `${at(target)} failed: ${error.message.replace(/\.$/, '')}.`,
};

// Docker writes the address of a link's source once, when the linking container starts. A restarted source gets its
// line rewritten; a recreated one is another container, and the line goes on naming an address that is not its own.
const linkHint = (kind: FailureKind, { host }: Target, source: NameSource): string => {
  if (source !== 'hosts file' || host === 'localhost') return '';
  if (kind !== 'refused' && kind !== 'unreachable' && kind !== 'unanswered' && kind !== 'silent') return '';
  return ` The name comes from a line in /etc/hosts, as a link writes it: if "${host}" was removed and made again, that line is stale, and this container must be made again too.`;
};
