// Detects whether Docker and Compose are available.
import type { Environment } from '@container-counter/service/environment';
import { CommandError } from '../errors.ts';
import { type Docker, dockerIn } from './docker.ts';

const TIMEOUT_MS = 5000;

/** @returns why containers cannot be run here, in a sentence without its full stop; undefined when they can */
export const whyNoContainers = async (env: Environment): Promise<string | undefined> => missing(await versionsOf(env));

/** The same, also where Docker is too old for our Compose files. */
export const whyNoCluster = async (env: Environment): Promise<string | undefined> => {
  const versions = await versionsOf(env);
  return missing(versions) ?? tooOld(versions);
};

type Versions = { readonly engine: string | undefined; readonly compose: string | undefined };

const versionsOf = async (env: Environment): Promise<Versions> => {
  const docker = dockerIn(env, { timeoutMs: TIMEOUT_MS });
  const ask = (...args: string[]) => docker(...args).catch(() => undefined);
  const [engine, compose] = await Promise.all([
    ask('version', '--format', '{{with .Server.Components}}{{(index . 0).Name}} {{end}}{{.Server.Version}}'),
    ask('compose', 'version', '--short'),
  ]);
  return { engine, compose };
};

const missing = ({ engine, compose }: Versions): string | undefined => {
  if (engine === undefined) return 'no Docker Engine is running';
  return compose === undefined ? 'Docker has no "compose" command' : undefined;
};

const tooOld = ({ engine = '', compose = '' }: Versions): string | undefined => {
  // Podman has other numbers.
  const name = /^Podman/.test(engine) ? undefined : /[\d.]+/.exec(engine)?.[0];
  if (name !== undefined && isOlder(name, 25, 0)) return `Docker Engine ${name} is older than 25`;
  const plugin = /[\d.]+/.exec(compose)?.[0];
  return plugin !== undefined && isOlder(plugin, 2, 26) ? `Docker Compose ${plugin} is older than 2.26` : undefined;
};

const isOlder = (version: string, major: number, minor: number): boolean => {
  const [own = 0, second = 0] = version.split('.').map(Number);
  return own < major || (own === major && second < minor);
};

/** @param what needs Docker @throws {CommandError} when no engine is running */
export const requireEngine = async (docker: Docker, what: string): Promise<void> => {
  if (await succeeds(docker, 'version', '--format', '{{.Server.Version}}')) return;
  throw new CommandError(`${what} needs Docker, but no Docker Engine is running.`);
};

const succeeds = (docker: Docker, ...args: string[]): Promise<boolean> =>
  docker(...args).then(
    () => true,
    () => false,
  );
