// Replaces the replicas of a running cluster one by one when their image or their settings changed.
import { buildAll, execCompose, upMany } from 'docker-compose';
import { untilReady } from '../../ready.ts';
import { print, type Terminal } from '../../terminal.ts';
import { type ContainerCluster, currentCluster, serviceOf } from '../containers.ts';
import { type Docker, dockerIn } from '../docker.ts';
import { type Inspected, inspectAll, nameOf } from '../inspect.ts';
import { type ContainerVariant, composeCommand, optionsFor, orFail, streamTo } from './compose.ts';

const SEEN_BY_PROXY_MS = 10_000;

/**
 * Builds the images, then replaces each replica that is out of date. Does nothing unless all replicas are running.
 * On networks a new replica starts before an old one stops. With links it takes the old one's place, where the proxy
 * finds it if it gets the same address; the link is lost, so the proxy must be recreated afterwards.
 * @param config the files of Compose
 * @returns whether any replica was replaced
 * @throws {CommandError} when a build fails, or a new replica does not become healthy: the remaining old ones keep running
 */
export const rollOut = async (
  terminal: Terminal,
  variant: ContainerVariant,
  config: string[],
  stopped: () => boolean,
): Promise<boolean> => {
  const { env } = terminal;
  const docker = dockerIn(env);
  const cluster = currentCluster(await inspectAll(docker), variant, env);
  const replicas = (cluster?.containers ?? []).filter(isReplica);
  if (!cluster?.url || replicas.length === 0 || !replicas.every(({ State }) => State.Running)) return false;
  const step = `${composeCommand(variant)} up`;
  await orFail(
    buildAll({ ...optionsFor(variant, env), config, ...streamTo(terminal) }),
    `${composeCommand(variant)} build`,
  );
  const outdated = await outdatedIn(terminal, docker, variant, config, cluster);
  // A new Redis interrupts everything anyway, and with links its clients must be created after it.
  if (outdated.some((container) => serviceOf(container).startsWith('redis'))) return false;
  const interruption = whyInterrupted(variant, outdated);
  if (interruption !== undefined) print(terminal, interruption);
  const up = (service: string, ...flags: string[]) => {
    // Not with --no-deps: for Compose 2.26 that is another configuration, for which it recreates the container again.
    const options = optionsFor(variant, env, '--no-build', '--wait', ...flags);
    return orFail(upMany([service], { ...options, config, ...streamTo(terminal) }), step);
  };
  const old = outdated.filter(isReplica);
  for (const replica of old) {
    if (stopped()) return true;
    print(terminal, `replacing ${nameOf(replica)}`);
    if (variant === 'links') {
      await up(serviceOf(replica));
      // If not, the proxy would lose the others too. What follows replaces them at once, and the proxy with them.
      if (!(await proxySees(cluster.url, replicas.length))) return true;
      continue;
    }
    const more = replicas.length + 1;
    try {
      await up('web', '--no-recreate', '--scale', `web=${more}`);
    } catch (error) {
      await removeUnhealthy(terminal, docker, replicas);
      throw error;
    }
    await proxySees(cluster.url, more);
    await docker('stop', replica.Id);
    await docker('rm', replica.Id);
  }
  return old.length > 0;
};

// Docker publishes a port for one container at a time.
const whyInterrupted = (variant: ContainerVariant, outdated: readonly Inspected[]): string | undefined => {
  const links = variant === 'links' && outdated.some(isReplica);
  if (!links && !outdated.some((container) => serviceOf(container) === 'proxy')) return undefined;
  const why = links ? ', because its links to them are fixed when it is created' : '';
  return `The proxy is recreated after the replicas${why}: connections are refused for about two seconds then.`;
};

const isReplica = (container: Inspected): boolean => /^web\d*$/.test(serviceOf(container));

const proxySees = async (url: string, replicas: number): Promise<boolean> => {
  const late = AbortSignal.timeout(SEEN_BY_PROXY_MS);
  await untilReady(url, replicas, late, SEEN_BY_PROXY_MS, () => {});
  return !late.aborted;
};

/** Compares as Compose does: what the file says of the service, and the image. */
const outdatedIn = async (
  { env }: Terminal,
  docker: Docker,
  variant: ContainerVariant,
  config: string[],
  { containers }: ContainerCluster,
): Promise<Inspected[]> => {
  const listed = await orFail(
    execCompose('config', ['--hash', '*'], { ...optionsFor(variant, env), config }),
    `${composeCommand(variant)} config`,
  );
  const hashes = new Map(listed.out.split('\n').map((line) => line.split(' ') as [string, string]));
  const images = new Map<string, string>();
  for (const name of new Set(containers.map(({ Config }) => Config.Image)))
    images.set(name, await docker('image', 'inspect', '--format', '{{.Id}}', name).catch(() => 'not here'));
  return containers.filter((container) => {
    const { Config, Image } = container;
    const hash = Config.Labels?.['com.docker.compose.config-hash'];
    return hash !== hashes.get(serviceOf(container)) || Image !== images.get(Config.Image);
  });
};

const removeUnhealthy = async ({ env }: Terminal, docker: Docker, old: readonly Inspected[]): Promise<void> => {
  const { containers = [] } = currentCluster(await inspectAll(docker), 'networks', env) ?? {};
  const failed = containers.filter(
    (container) =>
      isReplica(container) &&
      container.State.Health?.Status !== 'healthy' &&
      !old.some(({ Id }) => Id === container.Id),
  );
  if (failed.length > 0) await docker('rm', '--force', ...failed.map(({ Id }) => Id));
};
