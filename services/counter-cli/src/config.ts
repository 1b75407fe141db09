// The settings of the command, read once from the environment.
import {
  EnvError,
  type Environment,
  makeExactValidator,
  readEnvironment,
  redisUrl,
  str,
  wholeNumber,
} from '@container-counter/service/environment';

/** The address of a counter: `http` or `https`, without a query, its path with a slash at its end. */
export const counterUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new EnvError('it must be a URL such as http://localhost:8080.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new EnvError('it must be a URL such as http://localhost:8080, without a user.');
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
};

const listenPort = wholeNumber(1, 65_535);

/** Every variable that the command reads. docs/configuration.md shows the same table, and a test compares the two. */
export const variables = {
  COUNTER_URL: makeExactValidator<URL>(counterUrl)({
    default: undefined,
    desc: 'URL of the counter (default: `http://localhost:$PROXY_PORT`)',
  }),
  REDIS_URL: redisUrl({
    default: undefined,
    desc: 'URL of Redis (default: `redis://127.0.0.1:$LOCAL_REDIS_PORT`, where `up local` starts one)',
  }),
  REDIS_PASSWORD_FILE: str({ default: undefined, desc: 'file with the password of Redis, such as a Docker secret' }),
  PROXY_PORT: listenPort({ default: 8080, desc: 'host port of the proxy' }),
  WEB_PORT: wholeNumber(1, 65_533)({ default: 3001, desc: 'first of the three ports of the local replicas' }),
  LOCAL_REDIS_PORT: listenPort({ default: 6379, desc: 'port of the local Redis' }),
  LOCAL_DATA: str({ default: undefined, desc: 'data directory of local mode (default: `.data` in the project)' }),
} as const;

export type Config = {
  readonly counterUrl: URL;
  readonly redisUrl: URL;
  /** Whether `redisUrl` was given, and is not just where a local Redis would be. */
  readonly redisGiven: boolean;
  /** Read when Redis is connected to, and not before. */
  readonly redisPasswordFile: string | undefined;
  readonly proxyPort: number;
  readonly webPorts: readonly number[];
  readonly redisPort: number;
  readonly dataFolder: string | undefined;
};

/** @throws {ConfigError} */
export const readConfig = (env: Environment): Config => {
  const { COUNTER_URL, REDIS_URL, REDIS_PASSWORD_FILE, PROXY_PORT, WEB_PORT, LOCAL_REDIS_PORT, LOCAL_DATA } =
    readEnvironment(env, variables);
  return {
    counterUrl: COUNTER_URL ?? counterUrl(`http://localhost:${PROXY_PORT}`),
    redisUrl: REDIS_URL ?? new URL(`redis://127.0.0.1:${LOCAL_REDIS_PORT}`),
    redisGiven: REDIS_URL !== undefined,
    redisPasswordFile: REDIS_PASSWORD_FILE,
    proxyPort: PROXY_PORT,
    webPorts: [WEB_PORT, WEB_PORT + 1, WEB_PORT + 2],
    redisPort: LOCAL_REDIS_PORT,
    dataFolder: LOCAL_DATA,
  };
};
