// Finds containers whose legacy links lead to a removed container, and which must be recreated.
import { execCompose } from 'docker-compose';
import type { Terminal } from '../../terminal.ts';
import { dockerIn } from '../docker.ts';
import { composeCommand, optionsFor, orFail } from './compose.ts';

/** A part of what `docker inspect` says of a container. */
export type Linked = {
  readonly Name: string;
  readonly Created: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  /** Links are `/SOURCE:/CLIENT/ALIAS`. */
  readonly HostConfig: { readonly Links: readonly string[] | null };
};

/** @returns the services that need it, those included whose source is one of them @throws {CommandError} when Docker does */
export const staleClients = async ({ env }: Terminal): Promise<readonly string[]> => {
  const listed = execCompose('ps', ['--all', '--quiet'], optionsFor('links', env));
  const ids = (await orFail(listed, `${composeCommand('links')} ps`)).out.split('\n').filter(Boolean);
  if (ids.length === 0) return [];
  return findStale(JSON.parse(await dockerIn(env)('inspect', ...ids)) as Linked[]);
};

/** A client is older than its source only when the one that it was linked to was removed. */
export const findStale = (containers: readonly Linked[]): readonly string[] => {
  const created = new Map(containers.map(({ Name, Created }) => [Name, Date.parse(Created)]));
  const sourcesOf = ({ HostConfig }: Linked) => (HostConfig.Links ?? []).map((link) => link.split(':')[0] ?? '');
  const stale = new Set<Linked>();
  const needsIt = (client: Linked): boolean =>
    sourcesOf(client).some(
      (source) =>
        (created.get(source) ?? Number.POSITIVE_INFINITY) > Date.parse(client.Created) ||
        [...stale].some(({ Name }) => Name === source),
    );
  for (let found = -1; found !== stale.size; ) {
    found = stale.size;
    for (const client of containers) if (needsIt(client)) stale.add(client);
  }
  return [...stale]
    .map(({ Config }) => Config.Labels['com.docker.compose.service'] ?? '')
    .filter(Boolean)
    .sort();
};
