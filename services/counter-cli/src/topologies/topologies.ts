// Every way in which Docker connects a container to others, each run with our own images: the list of them.

/** The parts that all of them share: networks, and servers that can be reached or not. */
export const PREFIX = 'counter-topologies-';

const named = (part: string): string => `${PREFIX}${part}`;

export type Topology = {
  readonly name: string;
  /** The flags of `docker run` that make it. */
  readonly flags: readonly string[];
  readonly meaning: string;
};

export const TOPOLOGIES: readonly Topology[] = [
  { name: 'none', flags: ['--network', 'none'], meaning: 'its own loopback and nothing else' },
  { name: 'bridge', flags: [], meaning: 'the default network: addresses only, no names' },
  { name: 'host', flags: ['--network', 'host'], meaning: "the host's own interfaces" },
  {
    name: 'container:redis',
    flags: ['--network', `container:${named('redis')}`],
    meaning: "another container's interfaces: its servers are on loopback",
  },
  {
    name: 'user-defined',
    flags: ['--network', named('backend')],
    meaning: 'a user-defined network: names and aliases',
  },
  { name: 'dev', flags: ['--network', named('dev')], meaning: 'the alias "search" is one container' },
  { name: 'prod', flags: ['--network', named('prod')], meaning: 'the alias "search" is another one' },
];

export const NETWORKS: readonly string[] = ['backend', 'dev', 'prod'].map(named);

export type Server = { readonly name: string; readonly image: 'redis' | 'web'; readonly flags: readonly string[] };

/** One Redis on two networks, and one search in each environment, both called `search`. */
export const SERVERS: readonly Server[] = [
  { name: named('redis'), image: 'redis', flags: [] },
  ...['dev', 'prod'].map(
    (part): Server => ({
      name: named(`search-${part}`),
      image: 'web',
      flags: ['--network', named(part), '--network-alias', 'search'],
    }),
  ),
];

/** How the Redis comes onto its second network. */
export const ALIAS = ['network', 'connect', '--alias', 'db', named('backend'), named('redis')] as const;
