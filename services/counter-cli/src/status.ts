// What is up, whichever way it was started.
import type { Environment } from '@container-counter/service/environment';
import { CONTAINER_VARIANTS } from './compose/compose.ts';
import { listContainers } from './compose/containers.ts';
import { whyNoContainers } from './compose/engine.ts';
import type { Config } from './config.ts';
import { isAlive, readState } from './local/state.ts';
import type { Part } from './part.ts';
import type { Variant } from './project.ts';
import { dockerIn } from './swarm/docker.ts';
import { listTasks } from './swarm/tasks.ts';

/** What `status --json` prints for each variant that is up. */
export type Up = {
  readonly variant: Variant;
  /** Null while the proxy is not running. */
  readonly url: string | null;
  readonly parts: readonly Part[];
};

export type Status = {
  readonly up: readonly Up[];
  /** Why containers were not looked for, null when they were. */
  readonly noContainers: string | null;
};

/** @throws {Failed} when Compose does */
export const readStatus = async (config: Config, env: Environment): Promise<Status> => {
  const noContainers = (await whyNoContainers(env)) ?? null;
  const variants = noContainers === null ? CONTAINER_VARIANTS : [];
  const containers = await Promise.all(
    variants.map(async (variant) => ({ variant, ...(await listContainers(variant, env)) })),
  );
  const up: Up[] = containers.filter(({ parts }) => parts.length > 0);
  if (noContainers === null) {
    const tasks = await listTasks(dockerIn(env));
    if (tasks.parts.length > 0) up.push({ variant: 'swarm', ...tasks });
  }
  const local = readLocal(config);
  return { up: local === undefined ? up : [...up, local], noContainers };
};

const readLocal = (config: Config): Up | undefined => {
  const state = readState(config);
  if (state === undefined) return undefined;
  const parts = state.processes.map(({ name, pid, address }) => ({
    name,
    state: pid !== null && isAlive(pid) ? `process ${pid}` : 'is started again',
    addresses: [address],
  }));
  return { variant: 'local', url: state.url, parts };
};
