// Turns names into addresses and addresses into names, with the resolvers that containers have.
import { lookup, Resolver } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';
import { type HostsLine, isFor, readHosts } from './hosts-file.ts';

/** `::ffff:172.18.0.4`, as a dual-stack socket prints an IPv4 peer, is written `172.18.0.4`. */
export const plainAddress = (address: string | undefined): string =>
  // Most have no such beginning, and this is asked several times for each request.
  address?.startsWith(':') ? address.replace(/^::ffff:(?=\d+\.)/i, '') : (address ?? 'unknown');

/** `host:port`, with the brackets that an IPv6 address needs. */
export const hostPort = (host: string, port: number): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

/**
 * Every address of `host`, in a stable order. Asks getaddrinfo, because legacy links live in the hosts file, which a
 * DNS query would not see.
 * @throws the error of `dns.lookup`, such as ENOTFOUND or EAI_AGAIN
 */
export const addressesOf = async (host: string): Promise<string[]> => {
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))].sort(numerically);
};

/**
 * As `fullNameOf`, without the network: `project-web-2`.
 * @param bare whether a name without a network is one, too: on its user-defined networks, Podman 5 gives such
 */
export const nameOf = async (
  address: string,
  timeoutMs?: number,
  servers?: readonly string[],
  bare = false,
): Promise<string | undefined> => {
  const full = await fullNameOf(address, timeoutMs, servers);
  return splitName(full)?.container ?? (bare ? full : undefined);
};

/** Splits `container.network`. The name of a container may have dots; that of a network here has none, but Podman's. */
export const splitName = (full = ''): { readonly container: string; readonly network: string } | undefined => {
  const [, container, network] = /^(.+?)\.(dns\.podman|[^.]+)$/.exec(full) ?? [];
  return container === undefined || network === undefined ? undefined : { container, network };
};

/**
 * What the resolver calls an IPv4 `address`: on a user-defined network the container's name and the network's, such as
 * `project-web-2.backend-network`.
 * @param servers the resolvers to ask; without them, those of the system
 * @returns undefined when it has no name, or no resolver answers in time: the default bridge has no such resolver
 */
export const fullNameOf = async (
  address: string,
  timeoutMs = 300,
  servers?: readonly string[],
): Promise<string | undefined> => {
  if (!isIPv4(address)) return undefined;
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  // Not `reverse`: it looks into the hosts file first, where Docker writes a container's own address with its id.
  const names = await resolver.resolvePtr(`${address.split('.').reverse().join('.')}.in-addr.arpa`).catch(() => []);
  return names[0];
};

/** Which source knows a host: it is an address itself, a line of the hosts file (as a link writes it), or the resolver. */
export type NameSource = 'address' | 'hosts file' | 'resolver';

export const sourceOf = (host: string, hosts: readonly HostsLine[] = readHosts()): NameSource => {
  if (isIP(host) !== 0) return 'address';
  return hosts.some((line) => isFor(host, line)) ? 'hosts file' : 'resolver';
};

const numerically = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
