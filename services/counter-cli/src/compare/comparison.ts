// Observes both clusters at the same time, for the report.
import type { Environment } from '@container-counter/service/environment';
import { type ContainerVariant, hasEnded } from '../docker/compose/compose.ts';
import type { Docker } from '../docker/docker.ts';
import { type Experiment, experiment } from './experiment.ts';
import { type Observed, observe, type Reach, reach } from './observe.ts';
import type { Side } from './sides.ts';

export type Compared = {
  readonly variant: ContainerVariant;
  readonly containers: readonly Observed[];
  readonly experiment: Experiment;
};

export type Comparison = {
  /** The version of the Docker Engine. */
  readonly engine: string;
  readonly sides: readonly Compared[];
  /** The result of a link on a user-defined network. */
  readonly networkLinks: Experiment;
};

/** @throws {CommandError} when Docker does */
export const compareSides = async (docker: Docker, env: Environment, sides: readonly Side[]): Promise<Comparison> => {
  const engine = await docker('version', '--format', '{{.Server.Version}}');
  const observed: Observed[][] = [];
  for (const { ids } of sides) observed.push(await observe(docker, env, ids)); // one cluster at a time is load enough
  const networkLinks = experiment(docker, env, 'network-links');
  const experiments = await Promise.all(
    sides.map(({ variant }) => (hasEnded(variant, engine) ? networkLinks : experiment(docker, env, variant))),
  );
  return {
    engine,
    networkLinks: await networkLinks,
    sides: sides.map(({ variant }, i) => ({
      variant,
      containers: observed[i] as Observed[],
      experiment: experiments[i] as Experiment,
    })),
  };
};

/** Who reaches whom: a line for each container, with a cell for each. */
export const matrixOf = (containers: readonly Observed[]): (Reach['how'] | 'itself')[][] =>
  containers.map((from) => containers.map((to) => (from === to ? 'itself' : reach(from, to).how)));
