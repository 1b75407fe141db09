// Completes a diagnosis from outside: which container has the name, and what is wrong with it.
import { explain } from '@container-counter/network/failure';
import { type FailureKind, Unreachable } from '@container-counter/network/failure-kind';
import { isLink } from '@container-counter/network/hosts-file';
import { asIn, type Remedy } from '@container-counter/why/remedies';
import type { Diagnosis, Why } from '@container-counter/why/why';
import { troubleOf } from '../container-state.ts';
import type { Docker } from '../docker.ts';
import { type Inspected, inspectAll, nameOf, namesOn } from '../inspect.ts';
import { misconnectionsOf } from '../misconnected.ts';

/** `why`, corrected and completed by what Docker knows of the containers. @throws {CommandError} when Docker does */
export const adviseFromOutside = async (docker: Docker, id: string, inside: Why): Promise<Why> => {
  const all = await inspectAll(docker);
  const own = all.find(({ Id }) => Id === id);
  const engine = inside.name.variablesAbsent ? await docker('version', '--format', '{{.Server.Version}}') : null;
  if (own === undefined) return { ...inside, engine };
  const why = { ...inside, engine, name: withLinks(inside, own) };
  const stale = staleLinkOf(why, own, all);
  if (stale !== undefined) return { ...why, reachable: false, failure: stale, warnings: [] };
  if (why.failure === null) {
    const seen = misconnected(why, own, all); // better than what is seen of the same from inside
    return {
      ...why,
      warnings: [...seen, ...why.warnings.filter(({ kind }) => !seen.some((one) => one.kind === kind))],
    };
  }
  const trouble = await troubleAmong(docker, candidatesFor(why, own, all));
  if (trouble !== undefined) return { ...why, failure: diagnosisOf(why, trouble.error, trouble.remedies) };
  if (!NOBODY_KNOWS.has(why.failure.kind)) return why;
  const advice = all.flatMap((container) => remediesBy(container, why.host, nameOf(own)));
  return { ...why, failure: { ...why.failure, remedies: [...asIn(why.view, advice), ...why.failure.remedies] } };
};

const withLinks = ({ host, name }: Why, own: Inspected): Why['name'] => ({
  ...name,
  holders: name.holders.map((holder) => {
    const { Links } = own.NetworkSettings.Networks[holder.network] ?? {};
    return Links?.some((link) => link.endsWith(`:${host}`)) ? { ...holder, linked: true } : holder;
  }),
});

const NOBODY_KNOWS: ReadonlySet<FailureKind> = new Set(['unresolved', 'no names', 'no such link', 'no network']);

const diagnosisOf = ({ view, host, port, redis }: Why, error: Unreachable, remedies: readonly Remedy[]): Diagnosis => ({
  ...explain(error, { what: redis ? 'Redis' : 'The server', host, port }, view),
  remedies: asIn(view, remedies),
});

// The line of a link has the short id of the container that it was written for: it stays when that one is removed.
const staleLinkOf = (why: Why, own: Inspected, all: readonly Inspected[]): Diagnosis | undefined => {
  const { hostsLine, source } = why.name;
  if (source !== 'hosts file' || hostsLine === null || !isLink(hostsLine)) return undefined;
  const [, id = '', name] = hostsLine.names;
  if (all.some(({ Id }) => Id.startsWith(id))) return undefined;
  const { address } = hostsLine;
  const heir = all.find(
    ({ State, NetworkSettings: { Networks } }) => State.Running && Networks['bridge']?.IPAddress === address,
  );
  const now = heir === undefined ? 'no container has' : `${nameOf(heir)} has`;
  const detail = `Its line in /etc/hosts is for the container ${[name, id].filter(Boolean).join(' ')}, which was removed; ${now} its address ${address} now. Recreate ${nameOf(own)}, and its link with it.`;
  return diagnosisOf(why, new Unreachable('stale link', { detail }), [recreates(own)]);
};

const recreates = (own: Inspected): Remedy => {
  const file = own.Config.Labels?.['com.docker.compose.project.config_files'];
  return file === undefined
    ? { does: 'removes it; then start it again as you did, with --link', command: `docker rm --force ${nameOf(own)}` }
    : {
        does: 'recreates all containers, and their links',
        command: 'docker compose -f docker-compose.links.yml up --detach --force-recreate',
      };
};

// The containers that `host` may mean, seen from `own`: by its links, else by the names of its networks.
const candidatesFor = ({ host, name, attempts }: Why, own: Inspected, all: readonly Inspected[]): Inspected[] => {
  const linked = own.HostConfig.Links?.find((link) => link.endsWith(`/${host}`))?.split(':')[0];
  if (linked !== undefined) return all.filter(({ Name }) => Name === linked);
  const networks = Object.keys(own.NetworkSettings.Networks);
  const addresses = attempts.map(({ address }) => address);
  const known = new Set([...name.holders.map(({ container }) => container), name.hostsLine?.names[2]]);
  return all.filter((container) => {
    const { NetworkSettings } = container;
    return (
      container !== own &&
      (known.has(nameOf(container)) ||
        networks.some((network) => namesOn(container)[network]?.includes(host)) ||
        Object.values(NetworkSettings.Networks).some(({ IPAddress }) => addresses.includes(IPAddress)))
    );
  });
};

// One that serves is enough for the trouble to be elsewhere.
const troubleAmong = async (docker: Docker, containers: readonly Inspected[]) => {
  const troubles = await Promise.all(containers.map((container) => troubleOf(docker, container)));
  return troubles.includes(undefined) ? undefined : troubles[0];
};

// A name that leads somewhere may not lead everywhere: a replica that lost its alias stays without requests.
const misconnected = ({ host }: Why, own: Inspected, all: readonly Inspected[]): Diagnosis[] =>
  misconnectionsOf(all, all)
    .filter(({ network, names }) => names.includes(host) && own.NetworkSettings.Networks[network] !== undefined)
    .map(({ kind, sentence, remedies }) => ({ kind, sentence, remedies }));

const remediesBy = (container: Inspected, host: string, own: string): Remedy[] => {
  const name = nameOf(container);
  const networks = Object.entries(namesOn(container)).flatMap(([network, names]) =>
    names.includes(host) ? [network] : [],
  );
  if (name === own || networks.length === 0) return [];
  const who = `${name} has the name "${host}" on ${networks.join(' and ')}`;
  if (!container.State.Running) {
    return [{ does: `${who}, but is not running: this starts it`, command: `docker start ${name}` }];
  }
  return [{ does: `${who}: this connects ${own} to it`, command: `docker network connect ${networks[0]} ${own}` }];
};
