// The settings of a replica, read once from the environment.
import {
  EnvError,
  type Environment,
  httpUrl,
  makeExactValidator,
  milliseconds,
  port,
  readEnvironment,
  redisUrl,
  str,
  trustedPeers,
  trustNobody,
  wholeNumber,
} from '@container-counter/service/environment';
import { logLevel } from '@container-counter/service/log';
import { IS_NAME } from '@container-counter/service/replica-name';

const instance = makeExactValidator<string>((text) => {
  if (!IS_NAME.test(text)) throw new EnvError('it must be 1 to 64 letters, digits, dots, dashes or underscores.');
  return text;
});

/** Every variable that a replica reads. docs/configuration.md shows the same table, and a test compares the two. */
export const variables = {
  PORT: port({ default: 3000, desc: 'port to listen on' }),
  BIND_ADDRESS: str({ default: undefined, desc: 'address to listen on (default: every interface)' }),
  REDIS_URL: redisUrl({ default: new URL('redis://redis:6379'), desc: 'URL of Redis' }),
  REDIS_PASSWORD_FILE: str({ default: undefined, desc: 'file with the password of Redis, such as a Docker secret' }),
  INSTANCE: instance({ default: undefined, desc: 'name of the replica (default: its name on the network)' }),
  TRUSTED_PROXIES: trustedPeers({ default: trustNobody, desc: 'peers whose `X-Forwarded-*` headers are trusted' }),
  REDIS_TIMEOUT_MS: milliseconds({ default: 1000, desc: 'timeout for connecting to Redis, and for each response' }),
  DRAIN_MS: wholeNumber(
    0,
    8000,
  )({
    default: 1000,
    desc: 'how long a replica that is shutting down keeps serving while not ready; with `0` it stays ready',
  }),
  METRICS_PORT: port({ default: undefined, desc: 'port for Prometheus to scrape; metrics are off if unset' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({
    default: undefined,
    desc: 'URL of an OpenTelemetry collector; nothing is traced if unset',
  }),
  LOG_LEVEL: logLevel({ default: 'info', desc: 'minimum level of the log' }),
} as const;

export const readConfig = (env: Environment) => readEnvironment(env, variables);
