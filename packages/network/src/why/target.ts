// What somebody wants to reach: HOST, HOST:PORT or redis://HOST:PORT, and the port that goes with a name.
import { isIP } from 'node:net';

export type Aim = {
  readonly host: string;
  /** 0 when nobody says it: then only a name that does not resolve can be explained. */
  readonly port: number;
  /** Whether a Redis is expected there. */
  readonly redis: boolean;
  readonly password?: { readonly user: string; readonly secret: string };
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `text`; a port that it leaves out is the one that the settings in `env` name for the host, or the usual one.
 * @throws {WrongAim} with the sentence to show
 */
export const readAim = (text: string, env: Environment): Aim => {
  const url = urlOf(text);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (url === undefined || !/^[\w.:-]+$/.test(host))
    throw new WrongAim(`"${text}" is not HOST, HOST:PORT or redis://HOST:PORT.`);
  const set = settingsOf(env).find(({ hostname }) => hostname === url.hostname);
  const usual = USUAL.find(([pattern]) => pattern.test(host))?.[1];
  const named = url.protocol === 'redis:';
  const port = Number(url.port || (named ? REDIS : portIn(set) || usual) || 0);
  const redis = named || port === REDIS || (set?.protocol === 'redis:' && portIn(set) === port);
  const { username, password } = url.password ? url : redis && set ? set : { username: '', password: '' };
  if (password === '') return { host, port, redis };
  return { host, port, redis, password: { user: decodeURIComponent(username), secret: decodeURIComponent(password) } };
};

/** There is no such thing to reach; the message says what to ask for instead. */
export class WrongAim extends Error {
  override readonly name = 'WrongAim';
}

const REDIS = 6379;

const urlOf = (text: string): URL | undefined => {
  const scheme = /^(redis|tcp):\/\//.test(text) ? '' : 'tcp://';
  const url = URL.parse(`${scheme}${isIP(text) === 6 ? `[${text}]` : text}`);
  return url === null || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '' ? undefined : url;
};

// The servers that this container's own settings name: REDIS_URL=redis://db:6379, UPSTREAMS=web1:3000,web2:3000 and such.
const settingsOf = (env: Environment): URL[] =>
  ['REDIS_URL', 'COUNTER_URL', 'UPSTREAMS'].flatMap((name) =>
    (env[name] ?? '').split(',').flatMap((part) => URL.parse(/^\w+:\/\//.test(part) ? part : `tcp://${part}`) ?? []),
  );

const portIn = (url: URL | undefined): number =>
  Number(url?.port || { 'redis:': REDIS, 'http:': 80 }[url?.protocol ?? ''] || 0);

// The names of this project's containers, in every wiring, and where they listen.
const USUAL: readonly (readonly [RegExp, number])[] = [
  [/(^|[-_])(redis|db)([-_.\d]|$)/, REDIS],
  [/(^|[-_])web([-_.\d]|$)/, 3000],
  [/(^|[-_])proxy([-_.\d]|$)/, 8080],
];
