// The rows of the comparison: networks versus links, and the command that shows each.
import { isLink } from '@container-counter/network/hosts-file';
import { DOCKER_DNS } from '@container-counter/network/network-environment';
import { naturally, plural } from '../text.ts';
import type { Compared, Comparison } from './comparison.ts';
import type { Moment } from './experiment.ts';
import type { Observed } from './observe.ts';

export type Row = {
  readonly title: string;
  readonly networks: readonly string[];
  readonly links: readonly string[];
  /** The command that shows it to everybody. */
  readonly shown: string;
};

export const rowsOf = (comparison: Comparison): Row[] => [...sideRows(comparison), networkLinks(comparison)];

const sideRows = ({ engine, sides }: Comparison): Row[] =>
  ROWS.map(([title, shown, lines]) => {
    const of = (variant: Compared['variant']) =>
      sides.filter((side) => side.variant === variant).flatMap((side) => lines(side, engine));
    return { title, networks: of('networks'), links: of('links'), shown };
  });

type Lines = (side: Compared, engine: string) => readonly string[];

/** One line for each container. */
const each =
  (say: (container: Observed) => string): Lines =>
  ({ containers }) =>
    containers.map((container) => `${container.label}: ${say(container)}`);

const environment = each(({ seen, uses }) => {
  if (seen.links.length === 0) return 'nothing from links';
  const count = seen.links.reduce((sum, { names, copied }) => sum + names.length + copied.length, 0);
  const used = seen.links.find(({ alias }) => uses.includes(alias)) ?? seen.links[0];
  return `${count} variables of ${plural(seen.links.length, 'link')}, such as ${used?.names.find((name) => name.endsWith('_PORT'))}=${used?.port}`;
});

const hostsFile = each(({ seen, addresses }) => {
  const own = Object.values(addresses);
  const lines = seen.hosts.filter((line) => isLink(line));
  if (lines.length === 0) return `only its own ${own.length === 1 ? 'address' : `${own.length} addresses`}`;
  const shown = lines.find(({ names }) => !/-\d+$/.test(names[0] ?? '')) ?? lines[0];
  return `${plural(lines.length, 'line')} from links, such as ${shown?.address} ${shown?.names.join(' ')}`;
});

const resolver = each(({ seen }) => {
  const servers = seen.nameServers.join(', ');
  return seen.nameServers.includes(DOCKER_DNS)
    ? `${servers}, Docker's own`
    : `${servers}, as on the host; resolves no containers`;
});

const names = each(({ seen }) => {
  const named = seen.paths.filter(({ name }) => name.source !== 'address');
  const known = named.filter(({ attempts }) => attempts.length > 0);
  const sources = new Set(known.map(({ name }) => name.source));
  const list = known.map(
    ({ host, attempts }) =>
      `${host} ${attempts
        .map(({ address }) => address)
        .toSorted(naturally)
        .join(' ')}`,
  );
  return known.length === 0
    ? `none of ${named.map(({ host }) => host).join(', ')}`
    : `${list.join(', ')}; by the ${[...sources].join(', ')}`;
});

const published = each(({ published }) => published.join(', ') || 'nothing');

const after = (moment: Moment, before: Moment): string => {
  const moved = `Redis moved from ${before.address} to ${moment.address}: `;
  return moment.failure === null
    ? `${moved}the client finds it at ${moment.found}`
    : `${moved}the client still uses ${moment.found}: ${moment.failure}`;
};

const restarted: Lines = ({ experiment: { restarted, first, variable } }) => [
  after(restarted, first),
  ...(variable === null ? [] : [`its variable is out of date: ${variable}`]),
];

const order: Lines = ({ experiment: { clientFirst } }) => [
  clientFirst.started
    ? 'the client may start first, and finds the name once it exists'
    : 'the client cannot start first',
  `message: ${clientFirst.message}`,
];

const others: Lines = ({ variant, experiment: { stranger } }) => [
  stranger === null
    ? 'another container on the network resolves the alias, too'
    : `another container on the ${variant === 'links' ? 'bridge' : 'network'} cannot resolve the name: ${stranger}`,
];

const leaked: Lines = ({ experiment: { copied } }) => [
  copied.length === 0 ? "the client sees none of Redis's variables" : `the client sees ${copied.join(', ')}`,
];

const engineRow: Lines = ({ variant, containers }, engine) => {
  if (variant === 'networks') return [`${engine}; nothing changes in 29 or 30`];
  const linked = containers.filter(({ seen }) => seen.hosts.some(isLink));
  const set = linked.filter(({ seen }) => seen.links.length > 0).length;
  return [
    `${engine}: ${set} of ${linked.length} containers with links have variables from them`,
    '29 sets none, unless dockerd has DOCKER_KEEP_DEPRECATED_LEGACY_LINKS_ENV_VARS=1; 30 is to remove these links',
  ];
};

// The other kind of link, which is on neither side, and which Engine 30 keeps.
const networkLinks = ({ networkLinks: { clientFirst, recreated, restarted, stranger, copied } }: Comparison): Row => ({
  title: 'links on a user-defined network',
  networks: ['an alias instead, which every container on the network resolves'],
  links: [
    stranger === null
      ? 'another container resolves the name, too'
      : 'only the client resolves the name, by the resolver',
    clientFirst.started ? 'the client may start first' : `the client cannot start first: ${clientFirst.message}`,
    after(recreated, restarted),
    copied.length === 0 ? "the client sees none of Redis's variables" : `the client sees ${copied.join(', ')}`,
    'Engine 30 keeps them',
  ],
  shown: 'docker run --network NETWORK --link SOURCE:ALIAS',
});

const ROWS: readonly (readonly [title: string, shown: string, lines: Lines])[] = [
  ['engine', 'docker version', engineRow],
  ['environment from links', 'counter inspect --from web1', environment],
  ['/etc/hosts', 'counter inspect --from web1', hostsFile],
  ['/etc/resolv.conf', 'counter inspect --from web1', resolver],
  ['names', 'counter why db --from web1', names],
  ['published', 'docker ps', published],
  ['when Redis restarts', 'docker stop, another container takes the address, docker start', restarted],
  [
    'when Redis is recreated',
    'docker rm --force, another container takes the address, docker run',
    ({ experiment: { recreated, restarted } }) => [after(recreated, restarted)],
  ],
  ['startup order', 'docker run of the client first', order],
  ['where the name resolves', 'counter why, from an unrelated container', others],
  ["the source's environment", 'docker run --env SECRET=…, then env in the client', leaked],
];
