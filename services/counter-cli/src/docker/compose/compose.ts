// Runs `docker compose` for one wiring of the containers, in the words of the npm package docker-compose.
import type { Environment } from '@container-counter/service/environment';
import type { IDockerComposeOptions, IDockerComposeResult } from 'docker-compose';
import { CommandError, UsageError } from '../../errors.ts';
import { ROOT, type Variant } from '../../project.ts';
import { isTerminal, type Terminal } from '../../terminal.ts';
import { dockerIn } from '../docker.ts';
import { createProgress } from './progress.ts';

export type ContainerVariant = Exclude<Variant, 'local' | 'swarm'>;

export const CONTAINER_VARIANTS: readonly ContainerVariant[] = ['networks', 'links'];

const FILES: Readonly<Record<ContainerVariant, string>> = {
  networks: 'docker-compose.yml',
  links: 'docker-compose.links.yml',
};

export const fileOf = (variant: ContainerVariant): string => FILES[variant];

/** The names of the projects, as the files have them; COMPOSE_PROJECT_NAME and --project-name change them. */
export const PROJECTS: Readonly<Record<ContainerVariant, string>> = {
  networks: 'container-counter',
  links: 'container-counter-links',
};

/** How people run Compose for `variant` themselves; for another `project` than theirs they must name it. */
export const composeCommand = (variant: ContainerVariant, project = PROJECTS[variant]): string =>
  [
    'docker compose',
    ...(project === PROJECTS[variant] ? [] : [`-p ${project}`]),
    ...(variant === 'networks' ? [] : [`-f ${FILES[variant]}`]),
  ].join(' ');

/** The image of a service, as the Compose files and the stack name it where no other one is given. */
export const imageName = ({ IMAGE_PREFIX, IMAGE_TAG }: Environment, service: 'web' | 'proxy'): string =>
  `${IMAGE_PREFIX || 'container-counter'}/${service}:${IMAGE_TAG || 'latest'}`;

export const optionsFor = (
  variant: ContainerVariant,
  env: Environment,
  ...commandOptions: string[]
): IDockerComposeOptions => ({ cwd: ROOT, config: FILES[variant], env: { ...env }, commandOptions });

/** Whether the engine is one that has no links on the default bridge any more, as announced for Engine 30. */
export const hasEnded = (variant: ContainerVariant, engine: string): boolean =>
  variant === 'links' && Number.parseInt(engine, 10) >= 30;

/** The files of `variant` for the running engine, and for development what reloads the services. */
export const filesFor = async (variant: ContainerVariant, env: Environment, watch = false): Promise<string[]> => {
  const engine = variant === 'links' ? await dockerIn(env)('version', '--format', '{{.Server.Version}}') : '';
  return [FILES[variant], ...(hasEnded(variant, engine) ? [NETWORK_LINKS] : []), ...(watch ? ['deploy/dev.yml'] : [])];
};

const NETWORK_LINKS = 'deploy/links-network.yml';

/** What to say of such files. */
export const endOfLinks = (files: readonly string[]): string | undefined =>
  files.includes(NETWORK_LINKS)
    ? `Docker has ended links on the default bridge with Engine 30. These are links on a user-defined network, from ${NETWORK_LINKS}: the same names, for the linking containers only.`
    : undefined;

/** A port of this machine is taken, by the one that can be named. */
export class PortTaken extends UsageError {
  readonly port: number;
  constructor(port: number, by: string, options?: ErrorOptions) {
    const remedy = 'set PROXY_PORT to a free one, as in PROXY_PORT=8081 make up';
    super(`port ${port} is taken by ${by}; ${remedy}`, options);
    this.port = port;
  }
}

/** Hands on what Compose writes, as it writes it; to a terminal, what a person wants to know of it. */
export const streamTo = ({ stdout, stderr }: Terminal): Required<Pick<IDockerComposeOptions, 'callback'>> => {
  const outputs = { stdout, stderr };
  const begun = { stdout: '', stderr: '' };
  const shown = createProgress();
  return {
    callback: (chunk, source = 'stdout') => {
      if (!isTerminal(stdout)) return void outputs[source].write(chunk);
      const lines = `${begun[source]}${chunk}`.split('\n');
      begun[source] = lines.pop() ?? '';
      for (const line of lines) {
        const text = shown(line);
        if (text !== undefined) outputs[source].write(`${text}\n`);
      }
    },
  };
};

/**
 * The package rejects with a result instead of an error.
 * @throws {CommandError} with the last words of Compose @throws {PortTaken} when the port of the proxy is taken
 */
export const orFail = async <T extends IDockerComposeResult>(result: Promise<T>, what: string): Promise<T> => {
  try {
    return await result;
  } catch (cause) {
    throw failureOf(cause, what);
  }
};

const failureOf = (cause: unknown, what: string): Error => {
  if (cause instanceof Error) return new CommandError(`${what} could not be started: ${cause.message}.`, { cause });
  const { exitCode, err } = cause as IDockerComposeResult;
  const taken = /:(\d+)\b.*(?:port is already allocated|address already in use)/.exec(err)?.[1];
  if (taken !== undefined) {
    return new PortTaken(Number(taken), 'another program', { cause });
  }
  return new CommandError(`${what} failed with exit code ${exitCode}: ${err.trim().split('\n').at(-1)}`, { cause });
};
