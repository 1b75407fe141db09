// A cluster of the tests' own in the Docker Engine: built from this checkout, under its own project name and port.

import { freePort } from '@container-counter/network/free-ports';
import * as compose from 'docker-compose';
import { docker } from './engine.ts';

export type Variant = 'networks' | 'links';

export type Cluster = {
  readonly project: string;
  /** Where the proxy is published. */
  readonly url: string;
  /** For every call of the npm package docker-compose that is about this cluster. */
  readonly options: compose.IDockerComposeOptions;
  /** Creates and starts what is missing, and waits until all of it is healthy. */
  readonly up: (...commandOptions: string[]) => Promise<void>;
  readonly scale: (replicas: number) => Promise<void>;
  /** The id of a service's container, the first one unless `index` says otherwise. */
  readonly container: (service: string, index?: number) => Promise<string>;
  /** Runs `redis-cli` where Redis is. */
  readonly redis: (...args: string[]) => Promise<string>;
  /** Removes the containers and networks; the data too, unless `keepData`. */
  readonly down: (keepData?: boolean) => Promise<void>;
};

const FILES = { networks: 'docker-compose.yml', links: 'docker-compose.links.yml' } as const;
const REDIS = { networks: 'redis', links: 'redis-server' } as const;
const ROOT = new URL('../../..', import.meta.url).pathname;

/** Prepares the cluster of `variant`, empty; nothing runs before `up`. */
export const createCluster = async (
  variant: Variant,
  project = `container-counter-test-${variant}`,
): Promise<Cluster> => {
  const port = await freePort();
  const env = { ...process.env, COMPOSE_PROJECT_NAME: project, PROXY_PORT: `${port}`, NETWORK_PREFIX: '' };
  const options = { cwd: ROOT, config: FILES[variant], env };

  const up = async (...commandOptions: string[]) => {
    await refuseForeignNetworks(project);
    await said(compose.upAll({ ...options, commandOptions: ['--build', '--wait', ...commandOptions] }));
  };
  const container = async (service: string, index = 1) =>
    docker(
      'ps',
      '--quiet',
      ...label(project, service),
      '--filter',
      `label=com.docker.compose.container-number=${index}`,
    );

  const down = async (keepData = false) => {
    await said(compose.downAll({ ...options, commandOptions: keepData ? [] : ['--volumes'] }));
  };
  await down(); // what an interrupted run may have left

  return {
    project,
    url: `http://127.0.0.1:${port}`,
    options,
    up,
    scale: (replicas) => up('--no-recreate', '--scale', `web=${replicas}`),
    container,
    redis: async (...args) => docker('exec', await container(REDIS[variant]), 'redis-cli', ...args),
    down,
  };
};

/** The filters of `docker ps` for the containers of a service. */
export const label = (project: string, service: string): string[] => [
  '--filter',
  `label=com.docker.compose.project=${project}`,
  '--filter',
  `label=com.docker.compose.service=${service}`,
];

// The networks have fixed names, so a cluster that somebody has running would be taken for ours.
const refuseForeignNetworks = async (project: string): Promise<void> => {
  const named = await docker('network', 'ls', '--format', '{{.Name}} {{.Label "com.docker.compose.project"}}');
  const foreign = named
    .split('\n')
    .find((line) => /^(frontend|backend)-network /.test(line) && !line.endsWith(` ${project}`));
  if (foreign)
    throw new Error(`The network ${foreign.split(' ')[0]} exists already. Stop that cluster first: make down`);
};

// What docker-compose rejects with is no Error, and what Compose said is in `err`.
const said = async (result: Promise<compose.IDockerComposeResult>): Promise<void> => {
  await result.catch((failure: compose.IDockerComposeResult) => {
    throw new Error(`docker compose failed with ${failure.exitCode}:\n${failure.err}`);
  });
};
