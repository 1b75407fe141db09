// Says in one sentence why a server could not be reached, and what to try.
import { sourceOf } from './addresses.ts';
import { type FailureKind, kindOf } from './failure-kind.ts';
import { isFor, isLink, linkNamesIn } from './hosts-file.ts';
import { type NetworkEnvironment, readNetworkEnvironment } from './network-environment.ts';
import { printable } from './printable.ts';
import { LINK_HINT, SENTENCES, type Target } from './sentences.ts';

export { type FailureKind, kindOf, Unreachable } from './failure-kind.ts';
export type { Target } from './sentences.ts';

export type Failure = { readonly kind: FailureKind; readonly sentence: string };

/**
 * Explains `error` by itself and by how this container is connected, for which it reads a few small files. Never
 * throws: what cannot be read is left out of account.
 */
export const explain = (
  error: unknown,
  target: Target,
  environment: NetworkEnvironment = readNetworkEnvironment(),
): Failure => {
  const kind = inContext(kindOf(error), environment);
  const links = linkNamesIn(environment.hosts);
  const cause = error instanceof Error ? error : new Error(messageOf(error));
  const sentence = printable(SENTENCES[kind](target, cause, links));
  if (!MAY_BE_STALE.has(kind) || !isLinked(target.host, environment)) return { kind, sentence };
  // A connection that was open until now is silent too when its server is only paused.
  return { kind: kind === 'silent' ? kind : 'stale link', sentence: sentence + LINK_HINT(target) };
};

/**
 * What the path of a request keeps of a failure: its kind by the error alone, at once; the sentence is made when
 * somebody reads it, for the first time.
 */
export const failureOf = (error: unknown, target: Target): Failure & { readonly error: unknown } => {
  let sentence: string | undefined;
  return {
    error,
    kind: kindOf(error),
    get sentence() {
      sentence ??= explain(error, target).sentence;
      return sentence;
    },
  };
};

const messageOf = (error: unknown): string => (typeof error === 'string' ? error : 'no reason was given');

const UNKNOWN: ReadonlySet<FailureKind> = new Set(['unresolved', 'no resolver']);

// What an error means depends on where it happens.
const inContext = (kind: FailureKind, { connection, hosts, unreadable }: NetworkEnvironment): FailureKind => {
  // The resolver reads files and opens a socket too; all that it says of a lack of descriptors is that it failed.
  if (UNKNOWN.has(kind) && /E[MN]FILE/.test(unreadable ?? '')) return 'no file descriptors';
  if (connection === 'none' && (UNKNOWN.has(kind) || kind === 'unreachable')) return 'no network';
  if (!UNKNOWN.has(kind)) return kind;
  if (connection === 'default bridge' && hosts.some(isLink)) return 'no such link';
  if (connection === 'default bridge' || connection === 'host') return 'no names';
  // dockerd does not know the name, and those it asks outside do not answer; the containers' names need none of them.
  return connection === 'user-defined' ? 'unresolved' : kind;
};

// Docker writes the address of a link's source once, when the linking container starts. A restarted source gets its
// line rewritten; a recreated one is another container, and the line keeps naming an address that is no longer its own.
const MAY_BE_STALE: ReadonlySet<FailureKind> = new Set(['refused', 'unreachable', 'unanswered', 'silent']);

const isLinked = (host: string, { hosts }: NetworkEnvironment): boolean =>
  sourceOf(host, hosts) === 'hosts file' && hosts.some((line) => isFor(host, line) && isLink(line));
