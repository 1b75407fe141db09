// The commands that remedies a failure, for whoever is at the Docker host; words in capitals are theirs to fill in.
import { hostPort } from '@container-counter/network/addresses';
import type { FailureKind } from '@container-counter/network/failure';
import { isLink } from '@container-counter/network/hosts-file';
import type { Name } from './name.ts';
import { type NetworkView, networksOf } from './network-view.ts';

export type Remedy = { readonly does: string; readonly command: string };

export type Broken = {
  readonly view: NetworkView;
  readonly host: string;
  readonly port: number;
  readonly redis: boolean;
  readonly name: Name;
  readonly openPorts: readonly number[];
};

export const remediesFor = (kind: FailureKind, broken: Broken): readonly Remedy[] => {
  const remedies = REMEDIES[kind]?.(broken) ?? [];
  // Podman has the same commands.
  return broken.view.podman
    ? remedies.map(({ does, command }) => ({ does, command: command.replace(/^docker /, 'podman ') }))
    : remedies;
};

const join = (network: string, container: string, alias?: string): string =>
  `docker network connect ${alias === undefined ? '' : `--alias ${alias} `}${network} ${container}`;

// The other container: as the resolver calls it, else as the link's line does.
const otherOf = ({ name: { holders, hostsLine } }: Broken): string =>
  holders[0]?.container ??
  (hostsLine !== null && isLink(hostsLine) ? (hostsLine.names[2] ?? hostsLine.names[0]) : undefined) ??
  'CONTAINER';

const unresolved = (broken: Broken): Remedy[] =>
  broken.view.connection === 'machine' ? [insideOf(broken)] : onNetwork(broken);

const insideOf = ({ host }: Broken): Remedy => ({
  does: 'asks inside a container: the names of containers exist only there',
  command: `counter why --from CONTAINER ${host}`,
});

const onNetwork = (broken: Broken): Remedy[] => [
  {
    does: 'gives the container that you mean this name on a network of this one',
    command: join(networksOf(broken.view)[0] ?? 'NETWORK', 'CONTAINER', broken.host),
  },
  {
    does: 'or brings this container onto the network that has the name',
    command: join('NETWORK', broken.view.hostname),
  },
];

const otherServer = (broken: Broken): Remedy[] => [
  ...broken.openPorts.map((port) => ({
    does: `asks port ${port}, which is open there`,
    command: `counter why ${hostPort(broken.host, port)}`,
  })),
  {
    does: 'shows what listens: on 127.0.0.1 it serves its own container alone, on 0.0.0.0 all',
    command: `docker exec ${otherOf(broken)} netstat -ltn`,
  },
];

const elsewhere = (broken: Broken): Remedy[] => [
  { does: 'starts the other container', command: `docker start ${otherOf(broken)}` },
  { does: 'shows on which networks it is', command: `docker inspect ${otherOf(broken)}` },
  { does: 'brings this container onto one of them', command: join('NETWORK', broken.view.hostname) },
];

const cli = (broken: Broken, does: string, command: string): Remedy => ({
  does,
  command: `docker exec ${otherOf(broken)} redis-cli ${command}`,
});

const REMEDIES: Partial<Readonly<Record<FailureKind, (broken: Broken) => Remedy[]>>> = {
  unresolved,
  'no resolver': unresolved,
  'no names': ({ view, host }) => [
    { does: 'makes a network that has names', command: 'docker network create NETWORK' },
    { does: 'brings the other container onto it, under this name', command: join('NETWORK', 'CONTAINER', host) },
    { does: 'and this one', command: join('NETWORK', view.hostname) },
  ],
  'no network': ({ view }) => [
    {
      does: 'takes this container out of the network "none"',
      command: `docker network disconnect none ${view.hostname}`,
    },
    { does: 'and brings it onto the network of the other one', command: join('NETWORK', view.hostname) },
  ],
  refused: (broken) => [
    ...otherServer(broken),
    { does: 'starts a server that is down', command: `docker restart ${otherOf(broken)}` },
  ],
  unreachable: elsewhere,
  unanswered: elsewhere,
  'stale link': (broken) => [
    { does: 'starts the other container, if it was only stopped', command: `docker start ${otherOf(broken)}` },
    {
      does: 'else makes all containers again, and their links with them',
      command: 'docker compose -f docker-compose.links.yml up --detach --force-recreate',
    },
  ],
  silent: (broken) => [
    { does: 'lets a paused container go on', command: `docker unpause ${otherOf(broken)}` },
    { does: 'starts one that hangs again', command: `docker restart ${otherOf(broken)}` },
  ],
  closed: (broken) => [{ does: 'shows why it closes', command: `docker logs --tail 20 ${otherOf(broken)}` }],
  'not redis': otherServer,
  'protected mode': (broken) => [
    cli(broken, 'admits clients from other hosts, until it is restarted', 'config set protected-mode no'),
  ],
  'too many clients': (broken) => [
    { does: 'closes all connections, also those that nobody needs', command: `docker restart ${otherOf(broken)}` },
  ],
  busy: (broken) => [cli(broken, 'stops the script', 'script kill')],
  'read-only': (broken) => [
    cli(broken, 'shows its primary, whose address is the right one', 'role'),
    cli(broken, 'makes this one a primary', 'replicaof no one'),
  ],
  'out of memory': (broken) => [
    cli(broken, 'shows how much it may use, and uses', 'info memory'),
    cli(broken, 'lets it use more, until it is restarted', 'config set maxmemory 512mb'),
  ],
  'cannot persist': (broken) => [{ does: 'shows why', command: `docker logs --tail 20 ${otherOf(broken)}` }],
  eviction: (broken) => [
    cli(broken, 'keeps what is stored, until it is restarted', 'config set maxmemory-policy noeviction'),
  ],
  'no such database': ({ host, port }) => [
    { does: 'asks for database 0, which every Redis has', command: `counter why redis://${hostPort(host, port)}/0` },
  ],
  'tls required': ({ host, port }) => [
    {
      does: 'asks with TLS; the service takes the same URL in REDIS_URL',
      command: `counter why rediss://${hostPort(host, port)}`,
    },
  ],
  'no tls': ({ host, port }) => [
    {
      does: 'asks without TLS; the service takes the same URL in REDIS_URL',
      command: `counter why redis://${hostPort(host, port)}`,
    },
  ],
  loading: (broken) => [cli(broken, 'shows how long it takes', 'info persistence')],
  password: ({ host, port }) => [
    {
      does: 'tries a password; the service takes the same URL in REDIS_URL',
      command: `counter why redis://:PASSWORD@${hostPort(host, port)}`,
    },
  ],
};
