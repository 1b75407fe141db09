// The remedies for each kind of failure, as commands on the Docker host; words in capitals are placeholders.
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
  /** Other usual ports that are open where this one is not. */
  readonly openPorts: readonly number[];
};

export const remediesFor = (kind: FailureKind, broken: Broken): readonly Remedy[] =>
  asIn(broken.view, REMEDIES[kind]?.(broken) ?? []);

/** The same, by the commands of the engine that `view` was taken in: Podman has those of Docker. */
export const asIn = ({ podman }: NetworkView, remedies: readonly Remedy[]): readonly Remedy[] =>
  podman ? remedies.map(({ does, command }) => ({ does, command: command.replace(/^docker /, 'podman ') })) : remedies;

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
  does: 'runs it inside a container: container names resolve only there',
  command: `counter why --from CONTAINER ${host}`,
});

const onNetwork = (broken: Broken): Remedy[] => [
  {
    does: 'gives the intended container this name on a network of this one',
    command: join(networksOf(broken.view)[0] ?? 'NETWORK', 'CONTAINER', broken.host),
  },
  {
    does: 'or connects this container to the network that has the name',
    command: join('NETWORK', broken.view.hostname),
  },
];

const otherServer = (broken: Broken): Remedy[] => [
  ...broken.openPorts.map((port) => ({
    does: `tries port ${port}, which is open there`,
    command: `counter why ${hostPort(broken.host, port)}`,
  })),
  {
    does: 'shows what listens: 127.0.0.1 serves only its own container, 0.0.0.0 serves all',
    command: `docker exec ${otherOf(broken)} netstat -ltn`,
  },
];

const elsewhere = (broken: Broken): Remedy[] => [
  { does: 'starts the other container', command: `docker start ${otherOf(broken)}` },
  { does: 'shows which networks it is on', command: `docker inspect ${otherOf(broken)}` },
  { does: 'connects this container to one of them', command: join('NETWORK', broken.view.hostname) },
];

const cli = (broken: Broken, does: string, command: string): Remedy => ({
  does,
  command: `docker exec ${otherOf(broken)} redis-cli ${command}`,
});

const REMEDIES: Partial<Readonly<Record<FailureKind, (broken: Broken) => Remedy[]>>> = {
  unresolved,
  'no resolver': unresolved,
  'no names': ({ view, host }) => [
    { does: 'creates a network with DNS', command: 'docker network create NETWORK' },
    { does: 'connects the other container to it, with this name', command: join('NETWORK', 'CONTAINER', host) },
    { does: 'and this one', command: join('NETWORK', view.hostname) },
  ],
  'no network': ({ view }) => [
    {
      does: 'disconnects this container from the network "none"',
      command: `docker network disconnect none ${view.hostname}`,
    },
    { does: 'and connects it to the network of the other one', command: join('NETWORK', view.hostname) },
  ],
  refused: (broken) => [
    ...otherServer(broken),
    { does: 'restarts the container of a server that is down', command: `docker restart ${otherOf(broken)}` },
  ],
  unreachable: elsewhere,
  unanswered: elsewhere,
  'stale link': (broken) => [
    { does: 'starts the other container, if it was only stopped', command: `docker start ${otherOf(broken)}` },
    {
      does: 'otherwise recreates all containers, and their links',
      command: 'docker compose -f docker-compose.links.yml up --detach --force-recreate',
    },
  ],
  silent: (broken) => [
    { does: 'resumes a paused container', command: `docker unpause ${otherOf(broken)}` },
    { does: 'restarts one that hangs', command: `docker restart ${otherOf(broken)}` },
  ],
  closed: (broken) => [
    { does: 'shows why it closes the connection', command: `docker logs --tail 20 ${otherOf(broken)}` },
  ],
  'not redis': otherServer,
  'protected mode': (broken) => [
    cli(broken, 'admits clients from other hosts, until it is restarted', 'config set protected-mode no'),
  ],
  'too many clients': (broken) => [
    { does: 'closes all connections, including idle ones', command: `docker restart ${otherOf(broken)}` },
  ],
  busy: (broken) => [cli(broken, 'stops the script', 'script kill')],
  'read-only': (broken) => [
    cli(broken, 'shows its primary, whose address is the right one', 'role'),
    cli(broken, 'makes this one a primary', 'replicaof no one'),
  ],
  'out of memory': (broken) => [
    cli(broken, 'shows its memory limit and usage', 'info memory'),
    cli(broken, 'raises the limit, until it is restarted', 'config set maxmemory 512mb'),
  ],
  'cannot persist': (broken) => [{ does: 'shows why', command: `docker logs --tail 20 ${otherOf(broken)}` }],
  eviction: (broken) => [
    cli(broken, 'disables eviction, until it is restarted', 'config set maxmemory-policy noeviction'),
  ],
  'no such database': ({ host, port }) => [
    { does: 'tries database 0, which every Redis has', command: `counter why redis://${hostPort(host, port)}/0` },
  ],
  'tls required': ({ host, port }) => [
    {
      does: 'tries TLS; the service takes the same URL in REDIS_URL',
      command: `counter why rediss://${hostPort(host, port)}`,
    },
  ],
  'no tls': ({ host, port }) => [
    {
      does: 'tries without TLS; the service takes the same URL in REDIS_URL',
      command: `counter why redis://${hostPort(host, port)}`,
    },
  ],
  loading: (broken) => [cli(broken, 'shows the progress', 'info persistence')],
  password: ({ host, port }) => [
    {
      does: 'tries a password; the service takes the same URL in REDIS_URL',
      command: `counter why redis://:PASSWORD@${hostPort(host, port)}`,
    },
  ],
};
