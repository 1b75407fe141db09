// A cluster of the tests' own in the Docker Engine: under names and a port that no other cluster has.

import { freePort } from '@container-counter/network/free-ports';
import * as compose from 'docker-compose';
import { type Stored, storedBy } from '../../../services/counter-cli/src/audit/cluster.ts';
import { askByCli } from '../../../services/counter-cli/src/redis/redis-cli.ts';
import { docker } from './engine.ts';

export type Variant = 'networks' | 'links';

export const VARIANTS = ['networks', 'links'] as const satisfies readonly Variant[];

export type Cluster = {
  readonly project: string;
  /** Stands before the usual names of its networks, and of its Redis on links. */
  readonly prefix: string;
  /** Where the proxy is published. */
  readonly url: string;
  /** For every call of the npm package docker-compose that is about this cluster. */
  readonly options: compose.IDockerComposeOptions;
  /** Creates and starts what is missing, and waits until all of it is healthy. */
  readonly up: (...commandOptions: string[]) => Promise<void>;
  readonly scale: (replicas: number) => Promise<void>;
  /** The id of a service's container, the first one unless `index` says otherwise. */
  readonly container: (service: string, index?: number) => Promise<string>;
  /** The ids of all its containers by their names. */
  readonly containers: () => Promise<Readonly<Record<string, string>>>;
  /** Runs `redis-cli` where Redis is. */
  readonly redis: (...args: string[]) => Promise<string>;
  /** The hits that lie in Redis. */
  readonly stored: () => Promise<Stored>;
  /** Removes the containers and networks; the data too, unless `keepData`. */
  readonly down: (keepData?: boolean) => Promise<void>;
};

const FILES = { networks: 'docker-compose.yml', links: 'docker-compose.links.yml' } as const;
const REDIS = { networks: 'redis', links: 'redis-server' } as const;
const ROOT = new URL('../../..', import.meta.url).pathname;

type Settings = {
  readonly project?: string;
  readonly prefix?: string;
  /** More files of Compose, after that of the variant. */
  readonly files?: readonly string[];
  /** Variables for the Compose files. */
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * Prepares the cluster of `variant`, empty; nothing runs before `up`.
 * @param name what no other file calls its clusters
 */
export const createCluster = async (
  variant: Variant,
  name: string,
  { project = `test-${name}-${variant}`, prefix = `test-${name}-`, files = [], env: more = {} }: Settings = {},
): Promise<Cluster> => {
  const port = await freePort();
  const names = { COMPOSE_PROJECT_NAME: project, PROXY_PORT: `${port}`, NETWORK_PREFIX: prefix };
  const options = { cwd: ROOT, config: [FILES[variant], ...files], env: { ...process.env, ...names, ...more } };

  const upWith = (...flags: string[]) => said(compose.upAll({ ...options, commandOptions: ['--wait', ...flags] }));
  const container = async (service: string, index = 1) =>
    docker(
      'ps',
      '--quiet',
      ...label(project, service),
      '--filter',
      `label=com.docker.compose.container-number=${index}`,
    );
  const containers = async () => {
    const listed = await docker('ps', '--all', '--format', '{{.Names}} {{.ID}}', ...label(project));
    return Object.fromEntries(listed.split('\n').map((line) => line.split(' ') as [string, string]));
  };
  const redis = async (...args: string[]) => docker('exec', await container(REDIS[variant]), 'redis-cli', ...args);
  const down = (keepData = false) => remove(options, keepData);
  await down(); // what an interrupted run may have left

  return {
    project,
    prefix,
    url: `http://127.0.0.1:${port}`,
    options,
    up: (...flags) => upWith('--build', ...flags),
    scale: (replicas) => upWith('--no-recreate', '--scale', `web=${replicas}`),
    container,
    containers,
    redis,
    stored: () => storedBy(askByCli(redis)),
    down,
  };
};

/** Removes what somebody else brought up under this project. */
export const removeProject = (variant: Variant, project: string): Promise<void> =>
  remove({ cwd: ROOT, config: FILES[variant], env: { ...process.env, COMPOSE_PROJECT_NAME: project } }, false);

const remove = (options: compose.IDockerComposeOptions, keepData: boolean): Promise<void> => {
  const flags = ['--timeout', '2', '--remove-orphans', ...(keepData ? [] : ['--volumes'])];
  return said(compose.downAll({ ...options, commandOptions: flags }));
};

/** The filters of `docker ps` for the containers of a project, or of one service in it. */
export const label = (project: string, service?: string): string[] => [
  '--filter',
  `label=com.docker.compose.project=${project}`,
  ...(service === undefined ? [] : ['--filter', `label=com.docker.compose.service=${service}`]),
];

// What docker-compose rejects with is no Error, and what Compose said is in `err`.
const said = async (result: Promise<compose.IDockerComposeResult>): Promise<void> => {
  await result.catch((failure: compose.IDockerComposeResult) => {
    throw new Error(`docker compose failed with ${failure.exitCode}:\n${failure.err}`);
  });
};
