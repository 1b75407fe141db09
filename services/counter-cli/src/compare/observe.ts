// What each container of a cluster has and sees, from `docker inspect` and from inside.

import type { Environment } from '@container-counter/service/environment';
import type { Why } from '@container-counter/why/why';
import type { Docker } from '../docker/docker.ts';
import { inspectFrom, type Seen } from '../docker/exec/ask.ts';
import { naturally } from '../text.ts';

export type Container = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** As people call it: `web1`. */
  readonly label: string;
  /** Its address on each network. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The ports of the host that lead to it. */
  readonly published: readonly string[];
  /** The names of the servers that its settings tell it to use. */
  readonly uses: readonly string[];
};

export type Role = 'proxy' | 'web' | 'redis';

export type Observed = Container & { readonly seen: Seen };

/** @param ids the containers of one cluster @throws {CommandError} when Docker does */
export const observe = async (docker: Docker, env: Environment, ids: readonly string[]): Promise<Observed[]> => {
  const inspected = JSON.parse(await docker('inspect', ...ids)) as Inspected[];
  const containers = inspected.map(containerOf).toSorted(inOrder);
  const names = [...new Set(containers.flatMap(({ uses }) => uses).concat(containers.map(({ label }) => label)))];
  const services = inspected.map(({ Config }) => Config.Labels[SERVICE] ?? '');
  const hosts = [...new Set([...names, ...services])].toSorted(naturally).map(withPort);
  const addresses = containers.flatMap(({ addresses, role }) =>
    Object.values(addresses).map((address) => `${address}:${PORTS[role]}`),
  );
  const ask = ({ id }: Container) => inspectFrom(docker, env, id, [...hosts, ...addresses]);
  return Promise.all(containers.map(async (container) => ({ ...container, seen: await ask(container) })));
};

export type Reach = { readonly how: 'name' | 'address' | 'none'; readonly path: Why | undefined };

/** How `from` reaches `to`: by name, by address only, or not at all; with the path that shows it. */
export const reach = (from: Observed, to: Container): Reach => {
  const own = Object.values(to.addresses);
  const there = from.seen.paths.filter(({ attempts, port }) =>
    attempts.some(({ address, failure }) => own.includes(address) && failure === null && port === PORTS[to.role]),
  );
  const byName = there.find(({ name }) => name.source !== 'address');
  if (byName !== undefined) return { how: 'name', path: byName };
  if (there[0] !== undefined) return { how: 'address', path: there[0] };
  return { how: 'none', path: from.seen.paths.find(({ host }) => own.includes(host)) };
};

const PORTS: Readonly<Record<Role, number>> = { proxy: 8080, web: 3000, redis: 6379 };
const SERVICE = 'com.docker.compose.service';

const withPort = (name: string): string => `${name}:${PORTS[roleOf(name)]}`;

const roleOf = (name: string): Role => (/^proxy/.test(name) ? 'proxy' : /^web/.test(name) ? 'web' : 'redis');

const containerOf = ({ Id, Name, Config, NetworkSettings }: Inspected): Container => {
  const service = Config.Labels[SERVICE] ?? '';
  const role = roleOf(service);
  const number = Config.Labels['com.docker.compose.container-number'] ?? '';
  const settings = Config.Env.filter((line) => /^(UPSTREAMS|REDIS_URL)=/.test(line)).join();
  const named = [...settings.matchAll(/[=,/]([\w.-]+):\d+/g)].map(([, host = '']) => host);
  return {
    id: Id,
    name: Name.slice(1),
    role,
    label: role === 'web' && !/\d$/.test(service) ? `${service}${number}` : service,
    addresses: Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([network, { IPAddress }]) => [network, IPAddress]),
    ),
    published: Object.entries(NetworkSettings.Ports).flatMap(([inner, bound]) => [
      ...new Set(bound?.map(({ HostPort }) => `${HostPort} to ${inner}`)),
    ]),
    uses: role === 'web' && named.length === 0 ? ['redis'] : named, // what REDIS_URL is unless it is set
  };
};

const inOrder = (a: Container, b: Container): number =>
  ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || naturally(a.label, b.label);

const ORDER: readonly Role[] = ['proxy', 'web', 'redis'];

/** A part of what `docker inspect` says of a container. */
type Inspected = {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
    readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>>;
  };
};
