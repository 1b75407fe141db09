// Takes the containers of one wiring down.
import { downAll } from 'docker-compose';

import type { Terminal } from '../../terminal.ts';
import { type ContainerVariant, composeCommand, filesFor, optionsFor, orFail, streamTo } from './compose.ts';

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
