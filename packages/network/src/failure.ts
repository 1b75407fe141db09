// Says in one sentence why a server could not be reached, and what to try.
import { sourceOf } from './addresses.ts';
import { isLink } from './hosts-file.ts';
import { LINK_HINT, SENTENCES } from './sentences.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';

export type FailureKind =
  | 'unresolved'
  | 'no resolver'
  | 'no names'
  | 'no network'
  | 'refused'
  | 'unreachable'
  | 'unanswered'
  | 'stale link'
  | 'silent'
  | 'closed'
  | 'not redis'
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

/** Explains `error` by itself and by how this container is connected; only then it reads what tells that. */
export const explain = (error: unknown, target: Target, surroundings: Surroundings = readSurroundings()): Failure => {
  const kind = inPlace(kindOf(error), surroundings);
  const sentence = SENTENCES[kind](target, error as Error);
  if (!MAY_BE_STALE.has(kind) || !isLinked(target.host, surroundings)) return { kind, sentence };
  // A connection that was open until now is silent too when its server is only paused.
  return { kind: kind === 'silent' ? kind : 'stale link', sentence: sentence + LINK_HINT(target) };
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
  [/^Protocol error/, 'not redis'],
];

const UNKNOWN: ReadonlySet<FailureKind> = new Set(['unresolved', 'no resolver']);

// What an error means depends on where it happens.
const inPlace = (kind: FailureKind, { connection }: Surroundings): FailureKind => {
  if (connection === 'none' && (UNKNOWN.has(kind) || kind === 'unreachable')) return 'no network';
  if (!UNKNOWN.has(kind)) return kind;
  if (connection === 'default bridge' || connection === 'host') return 'no names';
  // dockerd does not know the name, and those it asks outside do not answer; the containers' names need none of them.
  return connection === 'user-defined' ? 'unresolved' : kind;
};

// Docker writes the address of a link's source once, when the linking container starts. A restarted source gets its
// line rewritten; a recreated one is another container, and the line goes on naming an address that is not its own.
const MAY_BE_STALE: ReadonlySet<FailureKind> = new Set(['refused', 'unreachable', 'unanswered', 'silent']);

const isLinked = (host: string, { hosts }: Surroundings): boolean =>
  sourceOf(host, hosts) === 'hosts file' && hosts.some((line) => line.names.includes(host) && isLink(line));
