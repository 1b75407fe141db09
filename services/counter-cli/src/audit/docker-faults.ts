// What each fault does to a cluster of containers.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Docker } from '../docker/docker.ts';
import { type FaultKind, hold, REPLICAS, SCALED_UP } from './kinds.ts';
import type { Planned } from './plan.ts';

/** What the faults act on. */
export type DockerParts = {
  readonly docker: Docker;
  /** Runs `docker compose up` with these flags, and waits until all of it is healthy. */
  readonly up: (...flags: string[]) => Promise<unknown>;
  /** The ids of a service's containers, in the order of their numbers, which have gaps after some time. */
  readonly containers: (service: string) => Promise<readonly string[]>;
  readonly stop: AbortSignal;
};

type Inject = (parts: DockerParts, fault: Planned) => Promise<string>;

/** Runs each of `commands` on a container, one after the other. */
const on =
  (service: 'web' | 'redis' | 'proxy', ...commands: readonly string[][]): Inject =>
  async ({ docker, containers }, { victim }) => {
    const all = await containers(service);
    const id = all[victim % all.length] as string;
    for (const command of commands) await docker(...command, id);
    return `${await nameOf(docker, id)}: ${commands.map((command) => `docker ${command.join(' ')}`).join(', ')}`;
  };

const KILL = ['kill', '--signal', 'KILL'];

const pauseReplica: Inject = async ({ docker, containers, stop }, { victim }) => {
  const id = (await containers('web'))[victim] as string;
  await docker('pause', id);
  await hold(stop);
  await docker('unpause', id);
  return `${await nameOf(docker, id)}: docker pause, docker unpause`;
};

const recreateReplica: Inject = async ({ docker, up, containers }, { victim }) => {
  const replicas = await containers('web');
  const old = replicas[victim] as string;
  // Not the image of the replicas, whose labels would make Compose take the squatter for one.
  const image = await docker('inspect', '--format', '{{.Image}}', `${await containers('redis')}`);
  const before = await addressOf(docker, old);
  await docker('rm', '--force', old);
  const squatters = await squat(docker, image, before);
  try {
    await up('--no-recreate');
    const fresh = (await containers('web')).find((id) => !replicas.includes(id)) as string;
    return `${await nameOf(docker, fresh)}: from ${before} to ${await addressOf(docker, fresh)}`;
  } finally {
    await docker('rm', '--force', ...squatters);
  }
};

const scale: Inject = async ({ up, stop }) => {
  await up('--no-recreate', '--scale', `web=${SCALED_UP}`);
  await sleep(SHARE_MS, undefined, { signal: stop }).catch(() => {});
  await up('--no-recreate', '--scale', `web=${REPLICAS}`);
  return `docker compose up --scale web=${SCALED_UP}, then web=${REPLICAS}`;
};

const cutRedis: Inject = async ({ docker, containers, stop }) => {
  const id = `${await containers('redis')}`;
  await docker('network', 'disconnect', 'backend-network', id);
  await hold(stop);
  await docker('network', 'connect', '--alias', 'db', '--alias', 'redis', 'backend-network', id);
  return `${await nameOf(docker, id)}: docker network disconnect backend-network, then connect`;
};

/** Each as one would do it by hand. */
export const DOCKER_FAULTS: Readonly<Record<FaultKind, Inject>> = {
  'kill-replica': on('web', KILL, ['start']),
  'stop-replica': on('web', ['stop'], ['start']),
  'pause-replica': pauseReplica,
  'recreate-replica': recreateReplica,
  scale,
  'cut-redis': cutRedis,
  'restart-redis': on('redis', ['restart']),
  'kill-redis': on('redis', KILL, ['start']),
  'restart-proxy': on('proxy', ['restart']),
  'kill-proxy': on('proxy', KILL, ['start']),
};

// Takes free addresses of the network, until `address` is among them: who comes next must get another one.
const squat = async (docker: DockerParts['docker'], image: string, address: string): Promise<string[]> => {
  const squatters: string[] = [];
  for (let taken = ''; taken !== address && squatters.length < 10; ) {
    const squatter = await docker(
      ...['run', '--detach', '--rm', '--init', '--network', 'frontend-network', '--entrypoint', 'sleep', image, '60'],
    );
    squatters.push(squatter);
    taken = await addressOf(docker, squatter);
  }
  return squatters;
};

const nameOf = async (docker: DockerParts['docker'], id: string): Promise<string> =>
  (await docker('inspect', '--format', '{{.Name}}', id)).replace(/^\//, '');

const addressOf = (docker: DockerParts['docker'], id: string): Promise<string> =>
  docker('inspect', '--format', '{{(index .NetworkSettings.Networks "frontend-network").IPAddress}}', id);

const SHARE_MS = 1000; // how long the new ones take part
