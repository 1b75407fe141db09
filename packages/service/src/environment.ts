// Reads a service's settings from the environment, and says in a sentence what is wrong with them.
import { isIP } from 'node:net';
import { type CleanedEnv, cleanEnv, EnvError, makeExactValidator } from 'envalid';
import proxyAddr from 'proxy-addr';
import { memo } from './memo.ts';

export { EnvError, makeExactValidator, str } from 'envalid';

/** The shape of `process.env`; a test passes a plain object. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown when a variable has a value that cannot be used; the message names each variable and its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the variables that `specs` describes. An empty one counts as unset, because Compose sets `NAME: ${NAME:-}` to
 * the empty string; so does `tcp://IP:PORT`, which a legacy link to a container `proxy` writes into `PROXY_PORT`.
 * @throws {ConfigError} with one line for each variable that cannot be used
 */
export const readEnvironment = <S>(env: Environment, specs: S): CleanedEnv<S> => {
  const ofLink = (name: string, value: string): boolean => name.endsWith('_PORT') && value.startsWith('tcp://');
  const set = Object.fromEntries(Object.entries(env).filter(([name, value]) => value && !ofLink(name, value)));
  const read = cleanEnv(set, specs, {
    reporter: ({ errors }) => {
      const lines = Object.entries<Error | undefined>(errors).map(
        ([name, error]) => `${name}=${quote(set[name])} cannot be used: ${error?.message}`,
      );
      if (lines.length > 0) throw new ConfigError(lines.join('\n'));
    },
  });
  return { ...read }; // a plain object: envalid's looks up every name again
};

/** A whole number between `min` and `max`, both included. */
export const wholeNumber = (min: number, max: number) =>
  makeExactValidator<number>((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new EnvError(`it must be a whole number from ${min} to ${max}.`);
    }
    return value;
  });

/** A port to listen on; 0 lets the system choose one. */
export const port = wholeNumber(0, 65_535);

/** A time in milliseconds, up to one hour. */
export const milliseconds = wholeNumber(1, 3_600_000);

/** A size in bytes, up to 1 GiB. */
export const bytes = wholeNumber(1, 2 ** 30);

/** A word of a fixed set. */
export const oneOf = <const T extends string>(...words: readonly T[]) =>
  makeExactValidator<T>((text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new EnvError(`it must be one of ${words.join(', ')}.`);
    return word;
  });

/** The URL of a Redis server: `redis://[:PASSWORD@]HOST[:PORT][/DB]`, or `rediss://` for TLS. */
export const redisUrl = makeExactValidator<URL>((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) {
    throw new EnvError('it must be a URL such as redis://db:6379.');
  }
  return url;
});

/** The URL of an HTTP server. */
export const httpUrl = makeExactValidator<URL>((text) => {
  if (!/^https?:/.test(URL.canParse(text) ? new URL(text).protocol : '')) {
    throw new EnvError('it must be a URL such as http://localhost:4318.');
  }
  return new URL(text);
});

/**
 * The peers whose `X-Forwarded-*` headers are believed: addresses, networks such as 172.16.0.0/12, or the words
 * loopback, linklocal and uniquelocal (RFC 1918 and RFC 4193), separated by commas.
 */
export const trustedPeers = makeExactValidator<TrustPeer>((text) => {
  const entries = text.split(/\s*,\s*/);
  for (const entry of entries) {
    // A number alone is what other programs take for a count of hops, and what the library takes for an address.
    const [address = ''] = entry.split('/');
    if (NETWORK_WORDS.has(entry) || isIP(address) !== 0) continue;
    const hops = /^\d+$/.test(entry) ? ' A number of hops is not enough: clients could forge the headers.' : '';
    throw new EnvError(`${TRUSTED_PEERS_HINT}${hops}`);
  }
  try {
    // Comparing an address with networks parses it, which was a tenth of a replica's processor time; peers are few.
    const trust = proxyAddr.compile(entries);
    return memo((address) => trust(address, 0));
  } catch {
    throw new EnvError(TRUSTED_PEERS_HINT);
  }
});

const NETWORK_WORDS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

const TRUSTED_PEERS_HINT = 'it must list addresses or networks, such as 172.16.0.0/12, or loopback or uniquelocal.';

export type TrustPeer = (address: string, hop: number) => boolean;

/** What `trustedPeers` is when nobody is trusted. */
export const trustNobody: TrustPeer = () => false;

// A password in a URL must not reach a log through an error message. Everything before the last @ is hidden, because a
// password that was not escaped, with its own / or @, is what makes a URL unusable.
const quote = (value: string | undefined): string =>
  JSON.stringify((value ?? '').replace(/^(\w+:\/\/)?.*@/s, '$1***@'));
