// The settings of the proxy, read once from the environment.
import {
  bytes,
  EnvError,
  type Environment,
  httpUrl,
  makeExactValidator,
  milliseconds,
  port,
  readEnvironment,
  str,
  trustedPeers,
  trustNobody,
  wholeNumber,
} from '@container-counter/service/environment';
import { MAX_ACCEPTED_HEADER_BYTES } from '@container-counter/service/header-limit';
import { logLevel } from '@container-counter/service/log';

/** One entry of `UPSTREAMS`; its host may stand for several addresses. */
export type Target = { readonly host: string; readonly port: number };

const targets = makeExactValidator<readonly Target[]>((text) => text.split(',').map((entry) => target(entry.trim())));

const target = (entry: string): Target => {
  const url = URL.canParse(`tcp://${entry}`) ? new URL(`tcp://${entry}`) : undefined;
  if (url === undefined || url.port === '' || url.port === '0' || url.host !== entry) {
    throw new EnvError(`it must list hosts with their ports, such as web1:3000,web2:3000; "${entry}" is invalid.`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
};

/** Every variable that the proxy reads. docs/configuration.md shows the same table, and a test compares the two. */
export const variables = {
  PORT: port({ default: 8080, desc: 'port to listen on' }),
  BIND_ADDRESS: str({ default: undefined, desc: 'address to listen on (default: every interface)' }),
  UPSTREAMS: targets({
    default: [{ host: 'web', port: 3000 }],
    desc: 'replicas, as a comma-separated list of `host:port`',
  }),
  TRUSTED_PROXIES: trustedPeers({ default: trustNobody, desc: 'peers whose `X-Forwarded-*` headers are trusted' }),
  RESOLVE_INTERVAL_MS: milliseconds({ default: 2000, desc: 'interval between DNS lookups of the upstreams' }),
  HEALTH_INTERVAL_MS: milliseconds({ default: 500, desc: 'interval between health checks of each upstream' }),
  CONNECT_TIMEOUT_MS: milliseconds({ default: 1000, desc: 'timeout for connecting to an upstream' }),
  TRY_TIMEOUT_MS: milliseconds({ default: 3000, desc: 'timeout for response headers, per attempt' }),
  // A hit that is sent again later than this could be counted twice (services/web/src/once.lua).
  DEADLINE_MS: wholeNumber(1, 19_000)({ default: 10_000, desc: 'timeout for all attempts together, at most 19 s' }),
  IDLE_TIMEOUT_MS: milliseconds({
    default: 60_000,
    desc: 'timeout of an idle connection, with nothing sent or received',
  }),
  HEADER_TIMEOUT_MS: milliseconds({ default: 10_000, desc: 'timeout for receiving the request headers' }),
  REQUEST_TIMEOUT_MS: milliseconds({
    default: 300_000,
    desc: 'timeout for receiving a request, including its body',
  }),
  MAX_HEADER_BYTES: wholeNumber(
    1,
    MAX_ACCEPTED_HEADER_BYTES,
  )({ default: 16_384, desc: 'maximum size of request headers' }),
  MAX_BODY_BYTES: bytes({ default: 1_048_576, desc: 'maximum size of a request body' }),
  METRICS_PORT: port({ default: undefined, desc: 'port for Prometheus to scrape; metrics are off if unset' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({
    default: undefined,
    desc: 'URL of an OpenTelemetry collector; nothing is traced if unset',
  }),
  LOG_LEVEL: logLevel({ default: 'info', desc: 'minimum level of the log' }),
} as const;

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (env: Environment) => readEnvironment(env, variables);
