// What this replica calls itself.
import { hostname, networkInterfaces } from 'node:os';
import { nameOf } from '@container-counter/network/addresses';

/** `instance`, else this container's name on its user-defined network, else the host name. */
export const replicaName = async (instance: string | undefined): Promise<string> =>
  instance ?? (await nameOnNetwork()) ?? hostname();

const nameOnNetwork = async (): Promise<string | undefined> => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const names = await Promise.all(own.filter(({ internal }) => !internal).map(({ address }) => nameOf(address)));
  return names.find((name) => name !== undefined && IS_NAME.test(name));
};

/** What a replica may be called: it travels in a header, and as a word in the messages of the channel `hits`. */
export const IS_NAME = /^[\w.-]{1,64}$/;
