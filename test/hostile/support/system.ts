// What the system says: the connections of a port, and how many files may be open.
import { readFileSync } from 'node:fs';

/** The reason for which tests that ask are skipped, or false. */
export const noProc = process.platform === 'linux' ? false : 'only Linux tells, in /proc';

/** How many connections are open on `port` of loopback, on the server's side. */
export const connectionsOf = (port: number): number => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const here = new RegExp(`^ *\\d+: [\\dA-F]+:${hex} [\\dA-F]+:[\\dA-F]{4} (?:01|08) `);
  return ['tcp', 'tcp6']
    .flatMap((file) => readFileSync(`/proc/net/${file}`, 'utf8').split('\n'))
    .filter((line) => here.test(line)).length;
};

/** How many files this process may open, and its children with it. */
export const mostFiles = (): number =>
  Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
