// Runs a container of our own image in each topology, which reports what it sees and what it reaches.

import type { Environment } from '@container-counter/service/environment';
import type { Why } from '@container-counter/why/why';
import type { Docker } from '../docker/docker.ts';
import { imageOf, redisImageOf, type Seen } from '../docker/exec/ask.ts';
import { untilReady } from '../docker/exec/until-ready.ts';
import { ALIAS, NETWORKS, PREFIX, SERVERS, TOPOLOGIES, type Topology } from './topologies.ts';

export type Looked = Topology & {
  readonly seen: Seen;
  /** Each way that it tried, by what is at its end. */
  readonly paths: Readonly<Record<Destination, Why>>;
};

/** Redis by loopback, by its address on the default bridge, and by its alias; a name that two networks give. */
export const DESTINATIONS = ['loopback', 'address', 'db', 'search'] as const;

export type Destination = (typeof DESTINATIONS)[number];

/** @throws {CommandError} when Docker does */
export const lookAtTopologies = async (docker: Docker, env: Environment): Promise<Looked[]> => {
  await clean(docker); // what one that was killed may have left
  try {
    const address = await prepare(docker, env);
    const looked: Looked[] = [];
    for (const topology of TOPOLOGIES) looked.push(await look(docker, env, topology, address));
    return looked;
  } finally {
    await clean(docker);
  }
};

const prepare = async (docker: Docker, env: Environment): Promise<string> => {
  for (const network of NETWORKS) await docker('network', 'create', network);
  const images = { redis: redisImageOf(env), web: imageOf(env) };
  await Promise.all(
    SERVERS.map(({ name, image, flags }) =>
      docker('run', '--detach', '--init', '--name', name, ...flags, images[image]),
    ),
  );
  await docker(...ALIAS);
  const redis = `${PREFIX}redis`;
  for (const { name, image } of SERVERS) await untilReady(docker, name, image);
  return docker('inspect', '--format', '{{.NetworkSettings.Networks.bridge.IPAddress}}', redis);
};

const look = async (docker: Docker, env: Environment, topology: Topology, address: string): Promise<Looked> => {
  const hosts = ['127.0.0.1:6379', `${address}:6379`, 'db:6379', 'search:3000'];
  const run = ['run', '--rm', ...topology.flags, imageOf(env), 'counter', 'inspect', '--json', ...hosts];
  const { paths, ...seen } = JSON.parse(await docker(...run)) as Seen;
  const byDestination = Object.fromEntries(DESTINATIONS.map((name, i) => [name, paths[i]])) as Looked['paths'];
  return { ...topology, seen: { ...seen, paths }, paths: byDestination };
};

const clean = async (docker: Docker): Promise<void> => {
  const left = await docker('ps', '--all', '--quiet', '--filter', `name=^${PREFIX}`);
  if (left !== '') await docker('rm', '--force', '--volumes', ...left.split('\n'));
  await docker('network', 'rm', '--force', ...NETWORKS);
};
