// Finds out what occupies a port: another cluster of ours, another container, or an unknown program.
import type { Environment } from '@container-counter/service/environment';
import type { Config } from './config.ts';
import { clustersIn, publishedPorts } from './docker/containers.ts';
import { dockerIn } from './docker/docker.ts';
import { inspectAll, nameOf } from './docker/inspect.ts';
import { readState } from './local/state.ts';

/** Completes "is taken by". Never throws, since it is only additional information. */
export const holderOf = async (port: number, config: Config, env: Environment): Promise<string> => {
  const local = readState(config);
  if (local !== undefined && Number(new URL(local.url).port) === port) return ownCluster('local');
  const all = await inspectAll(dockerIn(env)).catch(() => []);
  const holder = all.find((container) => publishedPorts(container).includes(port));
  if (holder === undefined) return 'another program';
  // Of whatever project: the environment may name another one than the one that has the port.
  const cluster = clustersIn(all, {}).find(({ containers }) => containers.includes(holder));
  return cluster === undefined ? `the container ${nameOf(holder)}` : ownCluster(cluster.variant);
};

const ownCluster = (variant: string): string =>
  `our own cluster "${variant}", which "npx counter down ${variant}" stops`;
