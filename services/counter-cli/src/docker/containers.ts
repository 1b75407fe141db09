// Finds the containers of our wirings, whatever their project is called: their state, and their address on each network.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from '@container-counter/service/environment';
import { type Part, ROOT } from '../project.ts';
import { naturally, plural } from '../text.ts';
import { CONTAINER_VARIANTS, type ContainerVariant, fileOf, PROJECTS } from './compose/compose.ts';
import { type Inspected, nameOf } from './inspect.ts';

export type ContainerCluster = {
  readonly variant: ContainerVariant;
  /** The name of the Compose project. */
  readonly project: string;
  /** Null while the proxy is not running. */
  readonly url: string | null;
  readonly parts: readonly Part[];
  readonly containers: readonly Inspected[];
};

/** The clusters among `all` containers: of this clone, or with its usual name; only of the project that `env` names, if it does. */
export const clustersIn = (all: readonly Inspected[], env: Environment): ContainerCluster[] =>
  CONTAINER_VARIANTS.flatMap((variant) => {
    const ours = all.filter((container) => isOf(container, variant, env['COMPOSE_PROJECT_NAME'] || undefined));
    const projects = [...new Set(ours.map(projectOf))].toSorted(naturally);
    return projects.map((project) => clusterOf(variant, project, ours));
  });

/** The cluster of `variant` that Compose acts on in this clone. */
export const currentCluster = (
  all: readonly Inspected[],
  variant: ContainerVariant,
  env: Environment,
): ContainerCluster | undefined => {
  const project = env['COMPOSE_PROJECT_NAME'] || PROJECTS[variant];
  const ours = clustersIn(all, env).filter((cluster) => cluster.variant === variant);
  return ours.find((one) => one.project === project) ?? ours[0];
};

const clusterOf = (variant: ContainerVariant, project: string, ours: readonly Inspected[]): ContainerCluster => {
  const containers = ours
    .filter((container) => projectOf(container) === project)
    .toSorted((a, b) => naturally(nameOf(a), nameOf(b)));
  const port = containers.flatMap(publishedPorts)[0];
  return {
    variant,
    project,
    url: port === undefined ? null : `http://localhost:${port}`,
    parts: containers.map((container) => ({
      name: nameOf(container),
      state: stateText(container),
      addresses: Object.entries(container.NetworkSettings.Networks).flatMap(([network, { IPAddress }]) =>
        IPAddress ? [`${IPAddress} on ${network}`] : [],
      ),
    })),
    containers,
  };
};

/** The project and the service of a container; empty for one that Compose did not make. */
export const projectOf = ({ Config }: Inspected): string => Config.Labels?.['com.docker.compose.project'] ?? '';
export const serviceOf = ({ Config }: Inspected): string => Config.Labels?.['com.docker.compose.service'] ?? '';

/** The ports of the host that lead into a container. */
export const publishedPorts = ({ NetworkSettings }: Inspected): number[] =>
  Object.values(NetworkSettings.Ports ?? {}).flatMap((bound) => (bound ?? []).map(({ HostPort }) => Number(HostPort)));

const isOf = (container: Inspected, variant: ContainerVariant, only: string | undefined): boolean => {
  const labels = container.Config.Labels ?? {};
  const project = projectOf(container);
  if (project === '' || labels['com.docker.compose.oneoff'] === 'True') return false;
  const files = (labels['com.docker.compose.project.config_files'] ?? '').split(',').map(realPath);
  const isOurs = files.includes(realPath(resolve(ROOT, fileOf(variant)))) || project === PROJECTS[variant];
  return isOurs && (only === undefined || project === only);
};

const realPath = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    return file; // of a clone that is not there any more
  }
};

/** Such as `running, healthy`, or `restarting (out of memory), 12 restarts`. */
const stateText = ({ State, RestartCount }: Inspected): string => {
  const ended = State.Restarting || !State.Running;
  const end = State.OOMKilled ? 'out of memory' : `exit code ${State.ExitCode}`;
  const status = ended && State.Status !== 'created' ? `${State.Status} (${end})` : State.Status;
  const restarts = RestartCount === 0 ? [] : [plural(RestartCount, 'restart')];
  return [status, ...(State.Health === undefined || ended ? [] : [State.Health.Status]), ...restarts].join(', ');
};
