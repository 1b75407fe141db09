// Collects the networking of this container, from inside: interfaces, routes, hosts file, resolver, and links.
import { existsSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { fullNameOf, splitName } from '@container-counter/network/addresses';
import {
  containerDnsOf,
  type NetworkEnvironment,
  readNetworkEnvironment,
} from '@container-counter/network/network-environment';
import { type Route, routesIn } from '@container-counter/network/routes';
import { type LinkVariables, linksIn } from './link-variables.ts';

export type Interface = {
  readonly name: string;
  readonly address: string;
  /** The user-defined network, as its resolver calls it. */
  readonly network: string | null;
};

export type NetworkView = NetworkEnvironment & {
  readonly hostname: string;
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
  readonly links: readonly LinkVariables[];
};

/** @param env the variables that links may have set */
export const inspectNetwork = async (env: Readonly<Record<string, string | undefined>>): Promise<NetworkView> => {
  const environment = readNetworkEnvironment();
  const found = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all.filter(({ family }) => family === 'IPv4').map(({ address }) => ({ name, address })),
  );
  return {
    ...environment,
    hostname: hostname(),
    interfaces: await Promise.all(
      found.map(async (one) => ({ ...one, network: await networkOf(one.address, environment) })),
    ),
    routes: existsSync(ROUTES) ? routesIn(readFileSync(ROUTES, 'utf8')) : [],
    links: linksIn(env),
  };
};

/** The networks that `view` knows by name. */
export const networksOf = ({ interfaces }: NetworkView): string[] => [
  ...new Set(interfaces.flatMap(({ network }) => network ?? [])),
];

// dockerd calls an address `container.network`, and Podman `container`.
const networkOf = async (address: string, environment: NetworkEnvironment): Promise<string | null> => {
  const { connection, podman } = environment;
  if (connection !== 'user-defined' || podman || address.startsWith('127.')) return null;
  return splitName(await fullNameOf(address, ASK_MS, containerDnsOf(environment)))?.network ?? null;
};

const ROUTES = '/proc/net/route';
const ASK_MS = 2000;
