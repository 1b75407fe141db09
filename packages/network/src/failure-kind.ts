// The kind of a failure to reach a server, from the error that Node, undici, ioredis or Redis gives. It reads nothing, so that a request's path may ask.

export type FailureKind =
  | 'unresolved'
  | 'no resolver'
  | 'no names'
  | 'no network'
  | 'no such link'
  | 'refused'
  | 'unreachable'
  | 'unanswered'
  | 'stale link'
  | 'restarting'
  | 'stopped'
  | 'paused'
  | 'ambiguous'
  | 'no alias'
  | 'dead port'
  | 'silent'
  | 'closed'
  | 'no file descriptors'
  | 'no local port'
  | 'tls required'
  | 'no tls'
  | 'certificate'
  | 'client certificate'
  | 'tls failed'
  | 'not redis'
  | 'unknown command'
  | 'protected mode'
  | 'too many clients'
  | 'loading'
  | 'busy'
  | 'password'
  | 'no permission'
  | 'no such database'
  | 'wrong type'
  | 'read-only'
  | 'too few replicas'
  | 'out of memory'
  | 'cannot persist'
  | 'eviction'
  | 'cluster'
  | 'other';

/** An error that carries its kind itself, for what no error code says; the detail goes into its sentence. */
export class Unreachable extends Error {
  override readonly name: string = 'Unreachable';
  readonly kind: FailureKind;
  constructor(kind: FailureKind, options?: ErrorOptions & { readonly detail?: string }) {
    super(options?.detail ?? kind, options);
    this.kind = kind;
  }
}

/** The kind by the error alone; what it means where it happened, `explain` finds out. Never throws. */
export const kindOf = (error: unknown): FailureKind => {
  if (error instanceof Unreachable) return error.kind;
  if (!(error instanceof Error)) return 'other';
  // Several addresses of one host were tried, and each failed; one of them may be of a family that is not there at all.
  if (error instanceof AggregateError) {
    const kinds = error.errors.map(kindOf);
    return (
      kinds.find((kind) => kind !== 'other' && kind !== 'no local port') ??
      kinds.find((kind) => kind !== 'other') ??
      'other'
    );
  }
  const { code = '' } = error as NodeJS.ErrnoException;
  const message = redisErrorIn(error.message);
  return (
    KIND_OF_CODE[code] ??
    (/^(EPROTO|ERR_SSL_)/.test(code) ? tlsKindOf(`${code} ${message}`) : undefined) ??
    (IS_ABOUT_CERTIFICATE.test(code) ? 'certificate' : undefined) ??
    (isOfSelect(error) && /^ERR (value|invalid|DB index)/.test(message) ? 'no such database' : undefined) ??
    KIND_OF_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ??
    'other'
  );
};

const KIND_OF_CODE: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'no resolver',
  EAI_FAIL: 'no resolver',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'unanswered',
  UND_ERR_CONNECT_TIMEOUT: 'unanswered',
  UND_ERR_HEADERS_TIMEOUT: 'silent',
  UND_ERR_BODY_TIMEOUT: 'silent',
  ECONNRESET: 'closed',
  ECONNABORTED: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  EMFILE: 'no file descriptors',
  ENFILE: 'no file descriptors',
  EADDRNOTAVAIL: 'no local port',
};

// The error codes of OpenSSL for a chain have no common prefix.
const IS_ABOUT_CERTIFICATE = /CERT|^(UNABLE_TO_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)/;

// OpenSSL names the alert that the server sent, or what it could not read of its first bytes.
const tlsKindOf = (text: string): FailureKind => {
  if (/WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH|packet length|HTTP_REQUEST/.test(text)) return 'no tls';
  if (
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)|alert (certificate required|bad cert|unknown ca)/.test(
      text,
    )
  )
    return 'client certificate';
  return 'tls failed';
};

/**
 * What Redis replied to a command, without what a script adds that ran it: up to Redis 6 the script and its line stand
 * before it, in one of two ways, and from Redis 7 on behind it.
 */
export const redisErrorIn = (message: string): string =>
  message
    .replace(/^(ERR Error running script \(call to \w+\): )?(@user_script: ?\d+: )+-?/, '')
    .replace(/ script: \w+, on @user_script:\d+\.$/, '');

// Redis and ioredis report these only in words.
const KIND_OF_MESSAGE: readonly (readonly [RegExp, FailureKind])[] = [
  [/^DENIED/, 'protected mode'],
  [/^ERR max number of clients/, 'too many clients'],
  [/^LOADING/, 'loading'],
  [/^BUSY /, 'busy'],
  [/^(NOAUTH|WRONGPASS|ERR invalid password)/, 'password'],
  [/^(NOPERM|(ERR )?(ACL failure in script|The user executing the script))/, 'no permission'],
  [/^(CROSSSLOT|MOVED|ASK |TRYAGAIN|CLUSTERDOWN|ERR SELECT is not allowed in cluster)/, 'cluster'],
  [/^ERR (DB index|invalid DB index)/, 'no such database'],
  [/^(READONLY|MASTERDOWN)/, 'read-only'],
  [/^NOREPLICAS/, 'too few replicas'],
  [/^OOM /, 'out of memory'],
  [/^MISCONF/, 'cannot persist'],
  [/^(WRONGTYPE|ERR ((hash )?value is not an? |increment or decrement would|resulting score is not))/, 'wrong type'],
  [/^(ERR unknown command|(ERR )?Unknown Redis command called from)/i, 'unknown command'],
  [/Command timed out|Socket timeout/, 'silent'],
  [/Connection is closed|closed the connection/, 'closed'],
  // 21 opens an alert of TLS, by which such a server refuses what is not TLS.
  [/Unknown RESP type 21 |got "\\u0015"/, 'tls required'],
  [/Unknown RESP type|^Protocol error|Please report this/, 'not redis'],
];

// ioredis says which command an error of Redis is about.
const isOfSelect = (error: Error & { command?: { readonly name?: string } }): boolean =>
  error.command?.name === 'select';
