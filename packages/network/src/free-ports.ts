// Finds free ports of loopback for programs that cannot choose one themselves. No other process that asks here is given
// the same one: each holds the first port of a block of ten for as long as it lives, so the kernel is the referee, and
// a crash leaves nothing behind.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** Nobody listens on it, and a connection to it is refused until the caller starts a program there. */
export const freePort = async (): Promise<number> => (await freePorts(1))[0] as number;

/** `count` such ports in a row, at most nine: for a program that counts on from the first. */
export const freePorts = (count: number): Promise<number[]> => {
  if (count >= BLOCK) throw new RangeError(`${count} ports in a row are more than the ${BLOCK - 1} of a block`);
  const row = turn.then(() => take(count));
  turn = row.catch(() => {});
  return row;
};

/** Whether nobody listens on this port of loopback. */
export const isFree = async (port: number): Promise<boolean> => {
  for (const host of ['127.0.0.1', '::1']) {
    const server = await bind(port, host);
    if (server === 'taken') return false;
    if (server === 'no such address') continue;
    server.close();
    await once(server, 'close');
  }
  return true;
};

const BLOCK = 10;

// What is left of the block that was claimed last. Earlier blocks stay claimed: their ports are in use.
let rest: number[] = [];

// One caller after the other, or each would claim its own block.
let turn: Promise<unknown> = Promise.resolve();

const take = async (count: number): Promise<number[]> => {
  for (;;) {
    if (rest.length < count) rest = await claim();
    const row = rest.splice(0, count);
    const free = await Promise.all(row.map(isFree));
    if (free.every(Boolean)) return row;
  }
};

/** Claims a block until this process ends. @returns its ports, but for the first, which is held */
const claim = async (): Promise<number[]> => {
  const { first, blocks } = range();
  const start = randomInt(blocks);
  for (let i = 0; i < blocks; i += 1) {
    const port = first + ((start + i) % blocks) * BLOCK;
    const server = await bind(port, '127.0.0.1');
    if (typeof server === 'string') continue;
    server.unref();
    return Array.from({ length: BLOCK - 1 }, (_, j) => port + 1 + j);
  }
  throw new Error(`Every tenth port from ${first} on is taken.`);
};

// Below the ports that the system gives to outgoing connections: one of these could take the port of a program that
// restarts. Where they begin so low that hardly any is left below, that chance is taken.
const range = (): { first: number; blocks: number } => {
  const first = 12_000; // above the ports that programs are known by, and those that browsers refuse
  const end = Math.min(firstEphemeral(), 32_768);
  return { first, blocks: Math.floor(((end < first + 1000 ? 32_768 : end) - first) / BLOCK) };
};

const firstEphemeral = (): number => {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return 49_152; // RFC 6335, and so it is on macOS and Windows
  }
};

const bind = async (port: number, host: string): Promise<Server | 'taken' | 'no such address'> => {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' ? 'no such address' : 'taken';
  }
};
