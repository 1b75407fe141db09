// What decides, in a container, which names it knows and where it can go: its hosts file, resolver and interfaces.
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type HostsLine, readHosts } from './hosts-file.ts';

/** How a container is connected, as it can tell from inside; `machine` is no container. */
export type Connection = 'machine' | 'none' | 'host' | 'default bridge' | 'user-defined';

export type Surroundings = {
  readonly hosts: readonly HostsLine[];
  /** The name servers of /etc/resolv.conf. */
  readonly nameServers: readonly string[];
  readonly connection: Connection;
};

/** The name server of every user-defined network: dockerd itself. */
export const EMBEDDED = '127.0.0.11';

/** Reads files of a few lines; only failures and explanations ask. */
export const readSurroundings = (): Surroundings => {
  const nameServers = nameServersIn(read('/etc/resolv.conf'));
  const inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  const hosts = readHosts();
  return { hosts, nameServers, connection: connectionOf(inContainer, addressesByInterface(), nameServers, hosts) };
};

/** @param interfaces the addresses of each network interface but loopback */
export const connectionOf = (
  inContainer: boolean,
  interfaces: Readonly<Record<string, readonly string[]>>,
  nameServers: readonly string[],
  hosts: readonly HostsLine[],
): Connection => {
  if (!inContainer) return 'machine';
  if (interfaces['docker0'] !== undefined) return 'host'; // the bridge itself: only the host sees it
  const own = Object.values(interfaces).flat();
  if (own.length === 0) return 'none';
  if (nameServers.includes(EMBEDDED)) return 'user-defined';
  // Docker writes a line with the container's own address; what only looks like a container of Docker has none.
  return hosts.some(({ address }) => own.includes(address)) ? 'default bridge' : 'machine';
};

export const nameServersIn = (resolvConf: string): string[] =>
  [...resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address = '']) => address);

const addressesByInterface = (): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(networkInterfaces()).flatMap(([name, all = []]) => {
      const addresses = all.filter(({ internal }) => !internal).map(({ address }) => address);
      return addresses.length === 0 ? [] : [[name, addresses]];
    }),
  );

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
