// Takes the containers of one wiring down.
import { downAll } from 'docker-compose';

import type { Terminal } from '../terminal.ts';
import { type ContainerVariant, composeCommand, optionsFor, orFail, streamTo } from './compose.ts';

/** @param volumes delete what Redis stored, too @throws {Failed} when Compose does */
export const downContainers = async (
  terminal: Terminal,
  variant: ContainerVariant,
  volumes: boolean,
): Promise<void> => {
  const flags = ['--remove-orphans', ...(volumes ? ['--volumes'] : [])];
  const down = downAll({ ...optionsFor(variant, terminal.env, ...flags), ...streamTo(terminal) });
  await orFail(down, `${composeCommand(variant)} down`);
};
