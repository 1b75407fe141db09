// Locates the project, for the commands that start and stop it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.ts';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** How the cluster can run: two wirings of containers, processes of this machine, or a stack on a swarm. */
export const VARIANTS = ['networks', 'links', 'local', 'swarm'] as const;

export type Variant = (typeof VARIANTS)[number];

/** @throws {UsageError} in the image of this command, which has nothing but the command */
export const requireProject = (): void => {
  for (const part of ['docker-compose.yml', 'services/web/src/main.ts', 'services/proxy/src/main.ts']) {
    if (!existsSync(join(ROOT, part))) {
      throw new UsageError(`${part} is missing: run this command in a clone of the project, outside its containers.`);
    }
  }
};

/** A container, a process, or a node or a task of a swarm. */
export type Part = { readonly name: string; readonly state: string; readonly addresses: readonly string[] };
