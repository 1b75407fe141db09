// Looks up a name in each source: link variables, the hosts file, the resolver of the networks.
import { lookup, Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fullNameOf, type NameSource, sourceOf, splitName } from '@container-counter/network/addresses';
import { Unreachable } from '@container-counter/network/failure';
import { type HostsLine, isFor, isLink } from '@container-counter/network/hosts-file';
import { containerDnsOf } from '@container-counter/network/network-environment';
import type { LinkVariables } from './link-variables.ts';
import type { NetworkView } from './network-view.ts';

/** An address, and the container that the resolver says has it; Podman's does not say on which network, which is empty then. */
export type Holder = {
  readonly address: string;
  readonly container: string;
  readonly network: string;
  /** Its name comes from a link of the asking container, which only Docker knows; inside it is like an alias. */
  readonly linked?: boolean;
};

export type Name = {
  /** The source that programs resolve the name from. */
  readonly source: NameSource;
  readonly linkVariables: LinkVariables | null;
  readonly hostsLine: HostsLine | null;
  /** The name comes from a link, and no variables came with it: as Docker Engine 29 and later do it, for one. */
  readonly variablesAbsent: boolean;
  /** Whose addresses those are, where the resolver of user-defined networks is. */
  readonly holders: readonly Holder[];
  /** The same with the name of the network: `db.backend-network`. */
  readonly withNetwork: readonly string[];
};

/** Asks each source about `host`. */
export const askSources = async (host: string, view: NetworkView): Promise<Name> => {
  const source = sourceOf(host, view.hosts);
  const hostsLine = view.hosts.find((line) => isFor(host, line)) ?? null;
  const linkVariables = view.links.find(({ alias }) => alias.toLowerCase() === host.toLowerCase()) ?? null;
  const holders = view.connection === 'user-defined' ? await holdersOf(host, source, view) : [];
  const networks = [...new Set(holders.map(({ network }) => network))].filter((network) => network !== '');
  const full = networks.filter((network) => !host.endsWith(`.${network}`)).map((network) => `${host}.${network}`);
  const known = await Promise.all(full.map(async (name) => ((await ask(name, view)).length > 0 ? name : [])));
  return {
    source,
    linkVariables,
    hostsLine,
    variablesAbsent: hostsLine !== null && isLink(hostsLine) && linkVariables === null,
    holders,
    withNetwork: source === 'resolver' ? known.flat() : [],
  };
};

/** What programs get for `host`, in the order in which they try it. @throws the error of `dns.lookup` */
export const resolve = async (host: string): Promise<string[]> => {
  const late = new AbortController();
  const found = await Promise.race([
    lookup(host, { all: true }),
    sleep(RESOLVE_MS, undefined, { signal: late.signal }).then(() => {
      throw new Unreachable('no resolver');
    }),
  ]).finally(() => late.abort());
  return [...new Set(found.map(({ address }) => address))];
};

const holdersOf = async (host: string, source: NameSource, view: NetworkView): Promise<Holder[]> => {
  const addresses = source === 'address' ? [host] : await ask(host, view);
  const holders = await Promise.all(
    addresses.sort().map(async (address) => {
      const full = await fullNameOf(address, ASK_MS, containerDnsOf(view));
      if (view.podman && full !== undefined)
        return { address, container: full.replace(/\.dns\.podman$/, ''), network: '' };
      const name = splitName(full);
      return name === undefined ? [] : { address, ...name };
    }),
  );
  return holders.flat();
};

const ask = async (name: string, view: NetworkView): Promise<string[]> => {
  const resolver = new Resolver({ timeout: ASK_MS, tries: 1 });
  resolver.setServers(containerDnsOf(view));
  return resolver.resolve4(name).catch(() => []);
};

const ASK_MS = 2000;
const RESOLVE_MS = 6000; // longer than the resolver of the C library waits for the first of its servers
