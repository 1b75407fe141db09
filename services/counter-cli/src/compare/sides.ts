// The two clusters to compare: running ones are used as they are, the others are started.

import { freePorts, isFree } from '@container-counter/network/free-ports';
import { downAll, upAll } from 'docker-compose';
import type { Config } from '../config.ts';
import {
  CONTAINER_VARIANTS,
  type ContainerVariant,
  composeCommand,
  filesFor,
  optionsFor,
  orFail,
} from '../docker/compose/compose.ts';
import type { Docker } from '../docker/docker.ts';
import { CommandError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

export type Side = {
  readonly variant: ContainerVariant;
  /** The ids of its running containers. */
  readonly ids: readonly string[];
  /** Takes it down and deletes what it stored, if it was started here. */
  readonly end: () => Promise<void>;
};

/** @throws {CommandError} when Compose does, or one of them is up only in part */
export const startSides = async (terminal: Terminal, config: Config, docker: Docker): Promise<Side[]> => {
  // Both publish the same port unless they are told otherwise, so each that is started gets its own.
  const [first = 0, second = 0] = await freePorts(2);
  const ports = [(await isFree(config.proxyPort)) ? config.proxyPort : first, second];
  const prepared = await Promise.all(CONTAINER_VARIANTS.map((variant) => prepare(terminal, docker, variant)));
  const started = await Promise.allSettled(prepared.map(({ start }) => start(ports.shift() ?? 0)));
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return started.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  for (const { end } of prepared) await end();
  throw failed.reason;
};

type Prepared = { readonly start: (port: number) => Promise<Side>; readonly end: Side['end'] };

const prepare = async (
  { env: given, stderr }: Terminal,
  docker: Docker,
  variant: ContainerVariant,
): Promise<Prepared> => {
  const project = projectOf(variant, given['COMPOSE_PROJECT_NAME']);
  const up = await listIds(docker, project);
  if (up.length > 0) {
    await refusePart(docker, variant, up);
    const end = async () => {};
    return { start: async () => ({ variant, ids: up, end }), end };
  }
  const own = { ...given, COMPOSE_PROJECT_NAME: project };
  const command = composeCommand(variant);
  const end = async () => {
    const flags = ['--volumes', '--remove-orphans', '--timeout', '2'];
    const config = await filesFor(variant, own);
    await orFail(downAll({ ...optionsFor(variant, own, ...flags), config }), `${command} down`);
  };
  const start = async (port: number): Promise<Side> => {
    stderr.write(`${variant} is started on port ${port}\n`);
    const options = optionsFor(variant, { ...own, PROXY_PORT: `${port}` }, '--build', '--wait');
    await orFail(upAll({ ...options, config: await filesFor(variant, own) }), `${command} up`);
    return { variant, ids: await listIds(docker, project), end };
  };
  return { start, end };
};

const refusePart = async (docker: Docker, variant: ContainerVariant, ids: readonly string[]): Promise<void> => {
  const services = await docker('inspect', '--format', '{{index .Config.Labels "com.docker.compose.service"}}', ...ids);
  const missing = ['proxy', 'web', 'redis'].filter(
    (part) => !services.split('\n').some((name) => name.startsWith(part)),
  );
  if (missing.length === 0) return;
  throw new CommandError(
    `${variant} is up only in part, without ${missing.join(' and ')}. Start it, or stop the rest: counter down ${variant}`,
  );
};

// The Compose files name their projects; one name for both would make them one.
const projectOf = (variant: ContainerVariant, given = 'container-counter'): string =>
  variant === 'links' ? `${given}-links` : given;

const listIds = async (docker: Docker, project: string): Promise<string[]> => {
  const own = ['--filter', `label=com.docker.compose.project=${project}`];
  const listed = await docker('ps', '--quiet', ...own, '--filter', 'label=com.docker.compose.oneoff=False');
  return listed.split('\n').filter(Boolean);
};
