// What decides, in a container, which names it knows and where it can go: its hosts file, resolver and interfaces.
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type HostsLine, hostsIn } from './hosts-file.ts';

/** How a container is connected, as it can tell from inside; `machine` is no container, `unknown` cannot be told. */
export type Connection = 'machine' | 'none' | 'host' | 'default bridge' | 'user-defined' | 'unknown';

export type NetworkEnvironment = {
  readonly hosts: readonly HostsLine[];
  /** The name servers of /etc/resolv.conf. */
  readonly nameServers: readonly string[];
  readonly connection: Connection;
  /** Why something of this could not be read, in the system's words. */
  readonly unreadable?: string | undefined;
};

/** The name server of every user-defined network: dockerd itself. */
export const DOCKER_DNS = '127.0.0.11';

/** Reads files of a few lines; only failures and explanations ask. Never throws: a process may have no descriptor left. */
export const readNetworkEnvironment = (
  files = { hosts: '/etc/hosts', resolvConf: '/etc/resolv.conf' },
): NetworkEnvironment => {
  let unreadable: string | undefined;
  const attempt = <T>(look: () => T, otherwise: T): T => {
    try {
      return look();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') unreadable ??= message;
      return otherwise;
    }
  };
  const hosts = hostsIn(attempt(() => readFileSync(files.hosts, 'utf8'), ''));
  const nameServers = nameServersIn(attempt(() => readFileSync(files.resolvConf, 'utf8'), ''));
  const interfaces = attempt(addressesByInterface, {});
  // Half of what there is would say something untrue, such as that there is no interface.
  if (unreadable !== undefined) return { hosts, nameServers, connection: 'unknown', unreadable };
  const inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  return { hosts, nameServers, connection: connectionOf(inContainer, interfaces, nameServers, hosts) };
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
  if (nameServers.includes(DOCKER_DNS)) return 'user-defined';
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
