// Finds published ports on which nothing listens inside the container.
import { explain } from '@container-counter/network/failure';
import { Unreachable } from '@container-counter/network/failure-kind';
import type { Diagnosis } from '@container-counter/why/why';
import { naturally } from '../text.ts';
import type { Docker } from './docker.ts';
import { type Inspected, nameOf } from './inspect.ts';

/** For each port of the host that leads nowhere into one of `containers`; only for `port`, where it is given. */
export const deadPortsOf = async (
  docker: Docker,
  containers: readonly Inspected[],
  port?: number,
): Promise<Diagnosis[]> => {
  const found = await Promise.all(containers.map((container) => deadPortsIn(docker, container, port)));
  return found.flat();
};

const deadPortsIn = async (docker: Docker, container: Inspected, port: number | undefined): Promise<Diagnosis[]> => {
  const published = publishedIn(container).filter(({ outside }) => port === undefined || outside === port);
  if (published.length === 0 || !container.State.Running || container.State.Restarting) return [];
  const table = await docker('exec', container.Id, 'sh', '-c', READ).catch(() => undefined);
  if (table === undefined) return []; // it has no shell, or just ended
  const listening = listeningIn(table);
  const name = nameOf(container);
  return published
    .filter(({ inside }) => !listening.includes(inside))
    .map(({ outside, inside }) => {
      const other = listening.length === 0 ? 'on no port' : `on ${listening.join(' and ')}`;
      const detail = `Port ${outside} of this machine leads to port ${inside} of ${name}, which listens ${other}.${remedy(outside, listening)}`;
      const error = new Unreachable('dead port', { detail });
      return { ...explain(error, { what: name, host: 'localhost', port: outside }, NOWHERE), remedies: [] };
    });
};

const NOWHERE = { hosts: [], nameServers: [], connection: 'unknown' } as const;

const remedy = (outside: number, listening: readonly number[]): string =>
  listening.length === 0 ? '' : ` Start it with -p ${outside}:${listening[0]}.`;

const publishedIn = ({ NetworkSettings }: Inspected): { readonly inside: number; readonly outside: number }[] => {
  const all = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([inside, bound]) =>
    inside.endsWith('/tcp') ? (bound ?? []).map(({ HostPort }) => [Number.parseInt(inside, 10), Number(HostPort)]) : [],
  );
  // The same port is bound once for IPv4 and once for IPv6.
  return [...new Map(all.map(([inside = 0, outside = 0]) => [outside, { inside, outside }])).values()];
};

const READ = 'cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; true';

/** The ports on which sockets listen for more than their own container, by the text of /proc/net/tcp and tcp6. */
export const listeningIn = (table: string): number[] => {
  const ports = table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state !== LISTEN || isLoopback(address) ? [] : [Number.parseInt(port, 16)];
  });
  return [...new Set(ports)].toSorted((a, b) => naturally(`${a}`, `${b}`));
};

const LISTEN = '0A';

// Each four bytes are printed as a number of a little-endian machine.
const isLoopback = (address: string): boolean =>
  address.length === 8
    ? address.endsWith('7F')
    : /^0{24}01000000$/.test(address) || /^0{16}FFFF0000.{6}7F$/.test(address);
