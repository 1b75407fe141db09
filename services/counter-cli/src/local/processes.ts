// The processes that make a cluster without containers: a Redis, three replicas, a proxy.
import { join, resolve } from 'node:path';
import type { Environment } from '@container-counter/service/environment';
import type { Config } from '../config.ts';
import { ROOT } from '../project.ts';

/** A process to start and to keep running. */
export type Program = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The port that it listens on, on loopback. */
  readonly port: number;
  /** The variable that changes this port. */
  readonly portVariable: 'PROXY_PORT' | 'WEB_PORT' | 'LOCAL_REDIS_PORT';
};

/** @param lock reload a program when its sources change, with the lock at this address */
export const replicasOf = (config: Config, env: Environment, lock?: string): Program[] =>
  config.webPorts.map((port, i) =>
    service('web', `web${i + 1}`, port, 'WEB_PORT', env, lock !== undefined, {
      INSTANCE: `web${i + 1}`,
      REDIS_URL: config.redisUrl.href,
      ...(config.redisGiven && config.redisPasswordFile && { REDIS_PASSWORD_FILE: resolve(config.redisPasswordFile) }),
      TRUSTED_PROXIES: 'loopback',
      // The proxy is stopped first, so no more requests arrive; or another process accepts connections, and it stays ready.
      ...(lock === undefined ? { DRAIN_MS: '1' } : { DRAIN_MS: '0', RELOAD_LOCK: lock }),
    }),
  );

/** @param watch reload it when its sources change */
export const proxyOf = (config: Config, env: Environment, watch = false): Program =>
  service('proxy', 'proxy', config.proxyPort, 'PROXY_PORT', env, watch, {
    UPSTREAMS: config.webPorts.map((port) => `127.0.0.1:${port}`).join(','),
  });

const service = (
  folder: string,
  name: string,
  port: number,
  portVariable: Program['portVariable'],
  env: Environment,
  watch: boolean,
  own: Readonly<Record<string, string>>,
): Program => ({
  name,
  command: process.execPath,
  args: [
    ...(watch ? [join(ROOT, 'packages/service/src/reload.ts')] : []),
    join(ROOT, 'services', folder, 'src/main.ts'),
  ],
  env: { ...inherited(env), PORT: `${port}`, BIND_ADDRESS: '127.0.0.1', ...own },
  port,
  portVariable,
});

/** The variables that a child inherits: as few as in a container. */
export const inherited = (env: Environment): Record<string, string> =>
  Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

const INHERITED = ['PATH', 'HOME', 'TZ', 'LOG_LEVEL', 'NODE_COMPILE_CACHE', 'NODE_EXTRA_CA_CERTS', 'SystemRoot'];
