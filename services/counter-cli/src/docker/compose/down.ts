// Takes the containers of one wiring down.
import type { Environment } from '@container-counter/service/environment';
import { downAll } from 'docker-compose';
import type { Terminal } from '../../terminal.ts';
import { dockerIn } from '../docker.ts';
import { type ContainerVariant, composeCommand, filesFor, optionsFor, orFail, PROJECTS, streamTo } from './compose.ts';

/**
 * @param project the one of the file, without it @param volumes delete what Redis stored, too
 * @throws {CommandError} when Compose does
 */
export const downContainers = async (
  terminal: Terminal,
  variant: ContainerVariant,
  volumes: boolean,
  project?: string,
): Promise<void> => {
  const flags = ['--remove-orphans', ...(volumes ? ['--volumes'] : [])];
  const env = project === undefined ? terminal.env : { ...terminal.env, COMPOSE_PROJECT_NAME: project };
  const config = await filesFor(variant, env);
  const down = downAll({ ...optionsFor(variant, env, ...flags), config, ...streamTo(terminal) });
  await orFail(down, `${composeCommand(variant)} down`);
};

/** The wirings whose data are in a volume, whether they run or not. There may be others, of their monitoring. */
export const withVolume = async (env: Environment): Promise<ContainerVariant[]> => {
  const docker = dockerIn(env);
  const variants = Object.keys(PROJECTS) as ContainerVariant[];
  const volumes = await Promise.all(
    variants.map((variant) => {
      const project = env['COMPOSE_PROJECT_NAME'] || PROJECTS[variant];
      const labels = [`com.docker.compose.project=${project}`, 'com.docker.compose.volume=redis-data'];
      return docker('volume', 'ls', '--quiet', ...labels.flatMap((label) => ['--filter', `label=${label}`]));
    }),
  );
  return variants.filter((_, i) => volumes[i] !== '');
};
