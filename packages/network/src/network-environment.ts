// What decides, in a container, which names it knows and where it can go: its hosts file, resolver and interfaces.
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type HostsLine, hostsIn } from './hosts-file.ts';
import { type Route, routesIn } from './routes.ts';

/** How a container is connected, as far as it can be seen from inside; `machine` is no container, `unknown` cannot be determined. */
export type Connection = 'machine' | 'none' | 'host' | 'default bridge' | 'user-defined' | 'unknown';

export type NetworkEnvironment = {
  readonly hosts: readonly HostsLine[];
  /** The name servers of /etc/resolv.conf. */
  readonly nameServers: readonly string[];
  readonly connection: Connection;
  /** Whether Podman runs this container; its networks are user-defined too, with another name server. */
  readonly podman?: boolean;
  /** Why something of this could not be read, in the system's words. */
  readonly unreadable?: string | undefined;
};

/** The name server of every user-defined network: dockerd itself. */
export const DOCKER_DNS = '127.0.0.11';

/** The name servers that know the containers of a user-defined network. */
export const containerDnsOf = ({ podman, nameServers }: NetworkEnvironment): readonly string[] =>
  podman ? nameServers : [DOCKER_DNS];

/** Reads files of a few lines; only failures and explanations ask. Never throws: a process may have no descriptor left. */
export const readNetworkEnvironment = (
  files = { hosts: '/etc/hosts', resolvConf: '/etc/resolv.conf', routes: '/proc/net/route' },
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
  const resolvConf = attempt(() => readFileSync(files.resolvConf, 'utf8'), '');
  const nameServers = nameServersIn(resolvConf);
  const routes = routesIn(attempt(() => readFileSync(files.routes, 'utf8'), ''));
  const interfaces = attempt(addressesByInterface, {});
  // Half of what there is would say something untrue, such as that there is no interface.
  if (unreadable !== undefined) return { hosts, nameServers, connection: 'unknown', unreadable };
  const podman = existsSync('/run/.containerenv');
  const inContainer = podman || existsSync('/.dockerenv');
  const named = podman && isAardvark(resolvConf, routes);
  const connection = connectionOf(inContainer, interfaces, nameServers, hosts, named);
  return { hosts, nameServers, connection, ...(podman ? { podman } : {}) };
};

/**
 * Whether the name server is aardvark-dns, which knows the containers of Podman's networks, and not one of the host. It
 * listens at the gateway of each network; netavark calls the interfaces eth0 and so on, while a rootless container
 * without a network has a copy of the host's, whose gateway may be its name server too.
 */
export const isAardvark = (resolvConf: string, routes: readonly Route[]): boolean =>
  /^search\b.*\bdns\.podman\b/m.test(resolvConf) ||
  routes.some(
    ({ interface: name, gateway }) =>
      /^eth\d+$/.test(name) && gateway !== null && nameServersIn(resolvConf).includes(gateway),
  );

/**
 * @param interfaces the addresses of each network interface but loopback
 * @param aardvark whether the name server is Podman's, of a network
 */
export const connectionOf = (
  inContainer: boolean,
  interfaces: Readonly<Record<string, readonly string[]>>,
  nameServers: readonly string[],
  hosts: readonly HostsLine[],
  aardvark = false,
): Connection => {
  if (!inContainer) return 'machine';
  if (interfaces['docker0'] !== undefined) return 'host'; // the bridge itself: only the host sees it
  const own = Object.values(interfaces).flat();
  if (own.length === 0) return 'none';
  if (nameServers.includes(DOCKER_DNS) || aardvark) return 'user-defined';
  // Docker writes a line with the container's own address; what only looks like a container of Docker has none.
  return hosts.some(({ address }) => own.includes(address)) ? 'default bridge' : 'machine';
};

export const nameServersIn = (resolvConf: string): string[] =>
  [...resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].flatMap(([, word = '']) => (isIP(word) === 0 ? [] : word));

const addressesByInterface = (): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(networkInterfaces()).flatMap(([name, all = []]) => {
      const addresses = all.filter(({ internal }) => !internal).map(({ address }) => address);
      return addresses.length === 0 ? [] : [[name, addresses]];
    }),
  );
