// The life of an HTTP server: listen, wait for the signal to stop, drain.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { superviseConnections } from './connections.ts';
import { ConfigError } from './environment.ts';

/**
 * Takes care of the connections of `server`, and listens on every interface (IPv4 and IPv6), or on `host`.
 * @param variable the one that `port` is from, for the sentence of an error
 * @returns the port that was bound, which matters when `port` is 0
 * @throws {ConfigError} when the port is taken or forbidden, or `host` is not an address of this machine
 */
export const listen = async (server: Server, port: number, host?: string, variable = 'PORT'): Promise<number> => {
  superviseConnections(server);
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const sentence = LISTEN_FAULTS[(error as NodeJS.ErrnoException).code ?? '']?.(port, host, variable);
    throw sentence === undefined ? error : new ConfigError(sentence, { cause: error });
  }
  server.on('error', (error: NodeJS.ErrnoException) => {
    // Such as when the process runs out of file descriptors: connections that were accepted are still served.
    if (error.syscall !== 'accept') throw error;
  });
  return (server.address() as AddressInfo).port;
};

const noSuchAddress = (_port: number, host = ''): string =>
  `BIND_ADDRESS=${host} is not an address of this machine; set BIND_ADDRESS to one, or leave it out.`;

const LISTEN_FAULTS: Readonly<Record<string, (port: number, host: string | undefined, variable: string) => string>> = {
  EADDRINUSE: (port, _host, variable) =>
    `${variable}=${port} is taken by another program; set ${variable} to a free one.`,
  EACCES: (port, _host, variable) =>
    `${variable}=${port} is not allowed for this user; set ${variable} to one from 1024 on.`,
  EADDRNOTAVAIL: noSuchAddress,
  ENOTFOUND: noSuchAddress,
};

/** Resolves with the first signal that asks this process to stop. */
export const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });

/**
 * Stops accepting, and waits for what is in flight, which is cut after `deadlineMs`. A connection that a client keeps is
 * closed by its next response, or after a moment of silence, so that a request already on its way is still served.
 * @returns whether everything had finished by then
 */
export const drain = async (server: Server, deadlineMs: number): Promise<boolean> => {
  let finished = true;
  const connections = superviseConnections(server);
  connections.giveBack();
  // Pending connections are accepted in the next turn of the event loop; the first immediate still belongs to this one.
  await nextTurn();
  await nextTurn();
  // http.Server's own close would cut idle connections.
  const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
  connections.drain();
  const cut = setTimeout(() => {
    finished = false;
    connections.destroy();
  }, deadlineMs);
  await closed;
  clearTimeout(cut);
  return finished;
};

/** Runs a service's main; a bad setting ends the process with exit code 2, and a sentence instead of a stack. */
export const run = async (main: () => Promise<void>): Promise<void> => {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2); // an open connection would keep the process running
  }
};
