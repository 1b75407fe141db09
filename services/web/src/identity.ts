// What this replica calls itself.
import { hostname, networkInterfaces } from 'node:os';
import { nameOf } from '@container-counter/network/addresses';
import { readNetworkEnvironment } from '@container-counter/network/network-environment';

/** `instance`, else this container's name on its user-defined network, else the host name. */
export const replicaName = async (instance: string | undefined): Promise<string> =>
  instance ?? (await nameOnNetwork()) ?? hostname();

const nameOnNetwork = async (): Promise<string | undefined> => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // dockerd knows every container of a user-defined network, and may be busy; elsewhere nobody is likely to know this one.
  const patienceMs = readNetworkEnvironment().connection === 'user-defined' ? 5000 : 300;
  const outside = own.filter(({ internal }) => !internal);
  const names = await Promise.all(outside.map(({ address }) => nameOf(address, patienceMs)));
  return names.find((name) => name !== undefined && IS_NAME.test(name));
};

/** What a replica may be called: it travels in a header, and as a word in the messages of the channel `hits`. */
export const IS_NAME = /^[\w.-]{1,64}$/;
