// The settings of the proxy, read once from the environment.
import {
  bytes,
  EnvError,
  type Environment,
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
    throw new EnvError(`it must list hosts with their ports, such as web1:3000,web2:3000; "${entry}" is none.`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
};

/** Every variable that the proxy reads. docs/configuration.md shows the same table, and a test compares the two. */
export const variables = {
  PORT: port({ default: 8080, desc: 'port of the service' }),
  BIND_ADDRESS: str({ default: undefined, desc: 'address to listen on; without it, every interface' }),
  UPSTREAMS: targets({ default: [{ host: 'web', port: 3000 }], desc: 'the replicas, as a list of `host:port`' }),
  TRUSTED_PROXIES: trustedPeers({ default: trustNobody, desc: 'peers whose `X-Forwarded-*` headers are believed' }),
  RESOLVE_INTERVAL_MS: milliseconds({ default: 2000, desc: 'how often the names of the upstreams are looked up' }),
  HEALTH_INTERVAL_MS: milliseconds({ default: 500, desc: 'how often each upstream is asked whether it is ready' }),
  CONNECT_TIMEOUT_MS: milliseconds({ default: 1000, desc: 'how long a connection to an upstream may take' }),
  TRY_TIMEOUT_MS: milliseconds({ default: 3000, desc: 'how long one upstream may take to begin its answer' }),
  DEADLINE_MS: milliseconds({ default: 10_000, desc: 'how long all tries together may take' }),
  IDLE_TIMEOUT_MS: milliseconds({
    default: 60_000,
    desc: 'how long a connection may be idle, with nothing sent or received',
  }),
  HEADER_TIMEOUT_MS: milliseconds({ default: 10_000, desc: 'timeout for receiving the request headers' }),
  REQUEST_TIMEOUT_MS: milliseconds({
    default: 300_000,
    desc: 'timeout for receiving a whole request, its body included',
  }),
  MAX_HEADER_BYTES: wholeNumber(
    1,
    MAX_ACCEPTED_HEADER_BYTES,
  )({ default: 16_384, desc: 'largest headers of a request' }),
  MAX_BODY_BYTES: bytes({ default: 1_048_576, desc: 'largest body of a request' }),
  METRICS_PORT: port({ default: undefined, desc: 'port on which Prometheus asks; without it, nothing is measured' }),
  LOG_LEVEL: logLevel({ default: 'info', desc: 'least severe log line that is written' }),
} as const;

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (env: Environment) => readEnvironment(env, variables);
