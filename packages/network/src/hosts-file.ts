// Reads the hosts file, where Docker writes a container's own address and those of its links.
import { existsSync, readFileSync } from 'node:fs';

export type HostsLine = { readonly address: string; readonly names: readonly string[] };

/** Every line but comments, in order; none when there is no such file. It is a short one. */
export const readHosts = (file = '/etc/hosts'): HostsLine[] =>
  (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []).flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return address === undefined || names.length === 0 ? [] : [{ address, names }];
  });

/** A link's line: the alias, then the short id of the container that it led to when the line was written. */
export const isLink = ({ names }: HostsLine): boolean => /^[0-9a-f]{12}$/.test(names[1] ?? '');
