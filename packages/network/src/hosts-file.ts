// Reads the hosts file, where Docker writes a container's own address and those of its links.
import { readFileSync } from 'node:fs';

export type HostsLine = { readonly address: string; readonly names: readonly string[] };

/** Every line but comments, in order; none when there is no such file, or it cannot be read. It is a short one. */
export const readHosts = (file = '/etc/hosts'): HostsLine[] => {
  try {
    return hostsIn(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
};

/** Every line of the text of a hosts file but comments, in order. */
export const hostsIn = (text: string): HostsLine[] =>
  text.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return address === undefined || names.length === 0 ? [] : [{ address, names }];
  });

/** Whether `line` gives `host` its address; names are the same in any letters (RFC 4343). */
export const isFor = (host: string, { names }: HostsLine): boolean =>
  names.some((name) => name.toLowerCase() === host.toLowerCase());

/** A link's line: the alias, then the short id of the container that it led to when the line was written. */
export const isLink = ({ names }: HostsLine): boolean => /^[0-9a-f]{12}$/.test(names[1] ?? '');

/** The first name of each container that a link leads to. */
export const linkNamesIn = (hosts: readonly HostsLine[]): string[] => {
  const links = new Map<string, string>();
  for (const { address, names } of hosts.filter(isLink)) {
    if (!links.has(address)) links.set(address, names[0] ?? address);
  }
  return [...links.values()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
};
