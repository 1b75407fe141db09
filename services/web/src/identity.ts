// The name of this replica.
import { hostname, networkInterfaces } from 'node:os';
import { nameOf } from '@container-counter/network/addresses';
import { readNetworkEnvironment } from '@container-counter/network/network-environment';
import { IS_NAME } from '@container-counter/service/replica-name';

/** `instance`, else this container's name on its user-defined network, else the host name. */
export const replicaName = async (instance: string | undefined): Promise<string> =>
  instance ?? (await nameOnNetwork()) ?? nameOfHost(hostname());

/** A valid name, whatever the host is called. */
export const nameOfHost = (host: string): string => host.replace(/[^\w.-]+/g, '-').slice(0, 64) || 'web';

const nameOnNetwork = async (): Promise<string | undefined> => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // On a user-defined network dockerd resolves every container, but may be slow; elsewhere a name is unlikely.
  const userDefined = readNetworkEnvironment().connection === 'user-defined';
  const patienceMs = userDefined ? 5000 : 300;
  const outside = own.filter(({ internal }) => !internal);
  const names = await Promise.all(outside.map(({ address }) => nameOf(address, patienceMs, undefined, userDefined)));
  return names.find((name) => name !== undefined && IS_NAME.test(name));
};
