// The status of every cluster, however it was started.

import type { Environment } from '@container-counter/service/environment';
import type { Diagnosis } from '@container-counter/why/why';
import type { Config } from './config.ts';
import { PROJECTS } from './docker/compose/compose.ts';
import { clustersIn } from './docker/containers.ts';
import { dockerIn } from './docker/docker.ts';
import { whyNoContainers } from './docker/engine.ts';
import { inspectAll } from './docker/inspect.ts';
import { deadPortsOf } from './docker/listeners.ts';
import { misconnectionsOf } from './docker/misconnected.ts';
import { listTasks } from './docker/swarm/tasks.ts';
import { isAlive, readState } from './local/state.ts';
import type { Part, Variant } from './project.ts';

/** What `status --json` prints for each variant that is up. */
export type Up = {
  readonly variant: Variant;
  /** The name of the Compose project, where it is another than that of the file. */
  readonly project?: string;
  /** Null while the proxy is not running. */
  readonly url: string | null;
  readonly parts: readonly Part[];
};

export type Status = {
  readonly up: readonly Up[];
  /** Why containers were not looked for, null when they were. */
  readonly noContainers: string | null;
  /** What is wrong with how they are connected. */
  readonly doubts: readonly Diagnosis[];
};

/** @throws {CommandError} when Docker does */
export const readStatus = async (config: Config, env: Environment): Promise<Status> => {
  const noContainers = (await whyNoContainers(env)) ?? null;
  const docker = dockerIn(env);
  const all = noContainers === null ? await inspectAll(docker) : [];
  const clusters = clustersIn(all, env);
  const up: Up[] = clusters.map(({ variant, project, url, parts }) => ({
    variant,
    ...(project === PROJECTS[variant] ? {} : { project }),
    url,
    parts,
  }));
  const ours = clusters.flatMap(({ containers }) => containers);
  const doubts = [...misconnectionsOf(ours, all), ...(await deadPortsOf(docker, ours))];
  if (noContainers === null) {
    const tasks = await listTasks(docker);
    if (tasks.parts.length > 0) up.push({ variant: 'swarm', ...tasks });
  }
  const local = readLocal(config);
  return { up: local === undefined ? up : [...up, local], noContainers, doubts };
};

const readLocal = (config: Config): Up | undefined => {
  const state = readState(config);
  if (state === undefined) return undefined;
  const parts = state.processes.map(({ name, pid, address }) => ({
    name,
    state: pid !== null && isAlive(pid) ? `process ${pid}` : 'restarting',
    addresses: [address],
  }));
  return { variant: 'local', url: state.url, parts };
};
