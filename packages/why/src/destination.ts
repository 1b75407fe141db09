// Parses a destination: HOST, HOST:PORT or redis://HOST:PORT, with the default port for a name.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { loginOf, type RedisLogin } from '@container-counter/network/redis-readiness';

export type Destination = {
  readonly host: string;
  /** 0 when unknown: then only a name that does not resolve can be explained. */
  readonly port: number;
  /** How to log in to the Redis that is expected there; undefined where none is. */
  readonly redis: RedisLogin | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `text`; a port that it leaves out is the one that the settings in `env` name for the host, or the usual one.
 * @throws {InvalidDestination} with the sentence to show
 */
export const parseDestination = (text: string, env: Environment, readSecret = secretIn): Destination => {
  const url = urlOf(text);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (url === undefined || !/^[\w.:-]+$/.test(host))
    throw new InvalidDestination(
      `"${text.replace(/^(\w+:\/\/)?.*@/s, '$1***@')}" is not HOST, HOST:PORT or redis://HOST:PORT.`,
    );
  const set = settingsOf(env).find(({ hostname }) => hostname === url.hostname);
  const usual = USUAL.find(([pattern]) => pattern.test(host))?.[1];
  const named = isRedis(url);
  const port = Number(url.port || (named ? REDIS : portIn(set) || usual) || 0);
  const ours = set !== undefined && isRedis(set) && portIn(set) === port ? set : undefined;
  if (!named && port !== REDIS && ours === undefined) return { host, port, redis: undefined };
  const login = loginOf(named ? url : (ours ?? url));
  if (login.password !== '' || ours === undefined) return { host, port, redis: login };
  const { user, password } = loginOf(ours);
  return { host, port, redis: { ...login, user, password: password || readSecret(env['REDIS_PASSWORD_FILE']) } };
};

const isRedis = ({ protocol }: URL): boolean => /^rediss?:$/.test(protocol);

// Without it, what Redis says explains enough.
const secretIn = (file: string | undefined): string => {
  try {
    return file === undefined ? '' : readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return '';
  }
};

/** An invalid destination; the message says what to use instead. */
export class InvalidDestination extends Error {
  override readonly name = 'InvalidDestination';
}

const REDIS = 6379;

const urlOf = (text: string): URL | undefined => {
  const scheme = /^(rediss?|tcp):\/\//.test(text) ? '' : 'tcp://';
  const url = URL.parse(`${scheme}${isIP(text) === 6 ? `[${text}]` : text}`);
  if (url === null || url.search !== '' || url.hash !== '') return undefined;
  return (isRedis(url) ? /^\/?\d*$/ : /^\/?$/).test(url.pathname) ? url : undefined;
};

// The servers that this container's own settings name: REDIS_URL=redis://db:6379, UPSTREAMS=web1:3000,web2:3000 and such.
const settingsOf = (env: Environment): URL[] =>
  ['REDIS_URL', 'COUNTER_URL', 'UPSTREAMS'].flatMap((name) =>
    (env[name] ?? '').split(',').flatMap((part) => URL.parse(/^\w+:\/\//.test(part) ? part : `tcp://${part}`) ?? []),
  );

const portIn = (url: URL | undefined): number =>
  Number(url?.port || { 'redis:': REDIS, 'rediss:': REDIS, 'http:': 80 }[url?.protocol ?? ''] || 0);

// The names of this project's containers, in every wiring, and where they listen.
const USUAL: readonly (readonly [RegExp, number])[] = [
  [/(^|[-_])(redis|db)([-_.\d]|$)/, REDIS],
  [/(^|[-_])web([-_.\d]|$)/, 3000],
  [/(^|[-_])proxy([-_.\d]|$)/, 8080],
];
