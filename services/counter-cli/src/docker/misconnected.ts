// Finds running containers that are misconnected: shared names, missing networks or aliases.
import { explain } from '@container-counter/network/failure';
import { type FailureKind, Unreachable } from '@container-counter/network/failure-kind';
import type { Remedy } from '@container-counter/why/remedies';
import type { Diagnosis } from '@container-counter/why/why';
import { naturally } from '../text.ts';
import { projectOf, serviceOf } from './containers.ts';
import { type Inspected, nameOf, namesOn } from './inspect.ts';

/** Names on a network, with what is wrong about them. */
export type Misconnection = Diagnosis & { readonly network: string; readonly names: readonly string[] };

/** What is wrong on the networks of `ours`, which are some of `all` containers. */
export const misconnectionsOf = (ours: readonly Inspected[], all: readonly Inspected[]): Misconnection[] => {
  const running = all.filter(({ State }) => State.Running);
  const networks = [...new Set(ours.flatMap((container) => Object.keys(namesOn(container))))].toSorted(naturally);
  return [
    ...mixed(networks, ours, running),
    ...nameless(
      networks,
      ours.filter(({ State }) => State.Running),
    ),
  ];
};

// One name for containers of different projects: each of them gets a share of what is meant for one.
const mixed = (
  networks: readonly string[],
  ours: readonly Inspected[],
  running: readonly Inspected[],
): Misconnection[] =>
  networks.flatMap((network) => {
    const on = running.filter((container) => namesOn(container)[network] !== undefined);
    const shared = Object.entries(
      Object.groupBy(
        on.flatMap((one) => named(one, network)),
        ({ name }) => name,
      ),
    ).filter(
      ([, all = []]) => new Set(all.map(({ owner }) => owner)).size > 1 && all.some(({ one }) => ours.includes(one)),
    );
    if (shared.length === 0) return [];
    const names = shared.map(([name]) => name).toSorted(naturally);
    const owners = [...new Set(shared.flatMap(([, all = []]) => all.map(({ owner }) => owner)))].toSorted(naturally);
    const detail = `On ${network} they belong to ${AND.format(owners)}, so each gets some of the requests meant for the other, and counts separately.`;
    return misconnection('ambiguous', network, names, detail, {
      does: 'gives a second cluster its own networks',
      command: 'NETWORK_PREFIX=two- PROXY_PORT=8081 docker compose -p two up',
    });
  });

const AND = new Intl.ListFormat('en', { type: 'conjunction' });

// What a name belongs to: a project of Compose, or a container that was started alone.
const named = (one: Inspected, network: string) =>
  [...new Set(namesOn(one)[network])].map((name) => ({
    one,
    name,
    owner: projectOf(one) === '' ? `the container ${nameOf(one)}` : `the project ${projectOf(one)}`,
  }));

// A container of a service that lacks what its siblings have: a network, or the service's name on it.
const nameless = (networks: readonly string[], ours: readonly Inspected[]): Misconnection[] =>
  ours.flatMap((container) => {
    const service = serviceOf(container);
    const siblings = ours.filter(
      (other) => other !== container && projectOf(other) === projectOf(container) && serviceOf(other) === service,
    );
    return networks.flatMap((network) => {
      if (!siblings.some((sibling) => namesOn(sibling)[network]?.includes(service))) return [];
      const names = namesOn(container)[network];
      if (names?.includes(service)) return [];
      const own = nameOf(container);
      const connect = {
        does: 'connects it as the others are',
        command: `docker network connect --alias ${service} ${network} ${own}`,
      };
      return names === undefined
        ? misconnection('no alias', network, [service], `${own} is not on ${network}, as the others are.`, connect)
        : misconnection(
            'no alias',
            network,
            [service],
            `${own} is on ${network} without that alias, so its name does not resolve.`,
            { does: 'disconnects it from the network', command: `docker network disconnect ${network} ${own}` },
            connect,
          );
    });
  });

const misconnection = (
  kind: FailureKind,
  network: string,
  names: readonly string[],
  detail: string,
  ...remedies: Remedy[]
): Misconnection[] => {
  const target = { what: 'Network', host: OR.format(names), port: 0 };
  return [{ ...explain(new Unreachable(kind, { detail }), target, NOWHERE), remedies, network, names }];
};

const OR = new Intl.ListFormat('en', { type: 'disjunction' });

// Who looks from outside is in no container whose own networks could matter.
const NOWHERE = { hosts: [], nameServers: [], connection: 'unknown' } as const;
