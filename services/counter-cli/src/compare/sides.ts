// The two clusters that are compared: those that are up are taken as they are, the others are started for it.
import { downAll, upAll } from 'docker-compose';
import { freePorts, isFree } from '../audit/free-ports.ts';
import { CONTAINER_VARIANTS, type ContainerVariant, composeCommand, optionsFor, orFail } from '../compose/compose.ts';
import type { Docker } from '../compose/docker.ts';
import type { Config } from '../config.ts';
import { Failed } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

export type Side = {
  readonly variant: ContainerVariant;
  /** The ids of its running containers. */
  readonly ids: readonly string[];
  /** Takes it down and deletes what it stored, if it was started here. */
  readonly end: () => Promise<void>;
};

/** @throws {Failed} when Compose does */
export const startSides = async (terminal: Terminal, config: Config, docker: Docker): Promise<Side[]> => {
  const sides: Side[] = [];
  try {
    for (const variant of CONTAINER_VARIANTS) sides.push(await startSide(terminal, config, docker, variant));
    return sides;
  } catch (error) {
    for (const side of sides) await side.end();
    throw error;
  }
};

const startSide = async (
  { env: given, stderr }: Terminal,
  { proxyPort }: Config,
  docker: Docker,
  variant: ContainerVariant,
): Promise<Side> => {
  const project = projectOf(variant, given['COMPOSE_PROJECT_NAME']);
  const list = () => listIds(docker, project);
  const up = await list();
  if (up.length > 0) {
    await refusePart(docker, variant, up);
    return { variant, ids: up, end: async () => {} };
  }
  // Both publish the same port unless they are told otherwise, so the second one gets another.
  const port = (await isFree(proxyPort)) ? proxyPort : (await freePorts(1))[0];
  const env = { ...given, COMPOSE_PROJECT_NAME: project, PROXY_PORT: `${port}` };
  const command = composeCommand(variant);
  const end = async () => {
    const flags = ['--volumes', '--remove-orphans', '--timeout', '2'];
    await orFail(downAll(optionsFor(variant, env, ...flags)), `${command} down`);
  };
  stderr.write(`${variant} is started on port ${port}\n`);
  try {
    await orFail(upAll(optionsFor(variant, env, '--build', '--wait')), `${command} up`);
    return { variant, ids: await list(), end };
  } catch (error) {
    await end();
    throw error;
  }
};

const refusePart = async (docker: Docker, variant: ContainerVariant, ids: readonly string[]): Promise<void> => {
  const services = await docker('inspect', '--format', '{{index .Config.Labels "com.docker.compose.service"}}', ...ids);
  const missing = ['proxy', 'web', 'redis'].filter(
    (part) => !services.split('\n').some((name) => name.startsWith(part)),
  );
  if (missing.length === 0) return;
  throw new Failed(
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
