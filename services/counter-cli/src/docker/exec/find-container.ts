// Finds the container that a short name means.

import { CommandError } from '../../errors.ts';
import { naturally } from '../../text.ts';
import type { Docker } from '../docker.ts';

/**
 * The id of the running container with this name, else of the Compose service; `web2` is the second one of `web`.
 * @throws {CommandError} when none is, with the names of those that are
 */
export const findContainer = async (docker: Docker, name: string): Promise<string> => {
  const listed = await docker('ps', '--no-trunc', '--format', FORMAT);
  const running = listed
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
    // A container has the names that links gave it, too: parent/alias.
    .map(([id, names, ...rest]) => [id, names?.split(',').find((name) => !name.includes('/')), ...rest])
    .toSorted(([, a = ''], [, b = '']) => naturally(a, b));
  const [, stem, number] = /^(.+?)-?(\d+)$/.exec(name) ?? [];
  const found =
    running.find(([id = '', own]) => own === name || (name.length >= 12 && id.startsWith(name))) ??
    running.find(([, , service]) => service === name) ??
    running.find(([, , service, index]) => service === stem && index === number);
  if (found?.[0] !== undefined) return found[0];
  const names = running.map(([, own]) => own).join(', ');
  throw new CommandError(
    `No running container is named "${name}". ${names === '' ? 'None is running.' : `Running: ${names}.`}`,
  );
};

const FORMAT = [
  '{{.ID}}',
  '{{.Names}}',
  '{{.Label "com.docker.compose.service"}}',
  '{{.Label "com.docker.compose.container-number"}}',
].join('\t');
