// Reads the kernel's IPv4 routing table, and finds the route to an address.
import { isIPv4 } from 'node:net';

export type Route = {
  readonly interface: string;
  readonly destination: string;
  readonly prefix: number;
  /** The next hop; null when the address is on the interface's own network. */
  readonly gateway: string | null;
};

/** Reads the text of /proc/net/route. */
export const routesIn = (table: string): Route[] =>
  table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [name, destination, gateway, , , , , mask] = line.trim().split(/\s+/);
      if (name === undefined || destination === undefined || gateway === undefined || mask === undefined) return [];
      return [
        {
          interface: name,
          destination: addressOf(destination),
          prefix: popcount(Number.parseInt(mask, 16)),
          gateway: /^0+$/.test(gateway) ? null : addressOf(gateway),
        },
      ];
    });

/** The most specific of `routes` that leads to an IPv4 `address`. */
export const routeTo = (address: string, routes: readonly Route[]): Route | undefined =>
  address.startsWith('127.')
    ? LOOPBACK // it has a table of its own
    : routes.filter((route) => covers(route, address)).toSorted((a, b) => b.prefix - a.prefix)[0];

const LOOPBACK: Route = { interface: 'lo', destination: '127.0.0.0', prefix: 8, gateway: null };

const covers = ({ destination, prefix }: Route, address: string): boolean =>
  isIPv4(address) && (prefix === 0 || (numberOf(address) ^ numberOf(destination)) >>> (32 - prefix) === 0);

// The kernel prints the four bytes of an address as one number of a little-endian machine.
const addressOf = (hex: string): string => [...Buffer.from(hex, 'hex')].reverse().join('.');

const numberOf = (address: string): number => Buffer.from(address.split('.').map(Number)).readInt32BE();

const popcount = (bits: number): number => [...bits.toString(2)].filter((bit) => bit === '1').length;
