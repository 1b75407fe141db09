// For development: a lock that replicas hold while they reload, one after the other. It is released with its connection,
// so a process that was killed does not keep it.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** @returns the port that was bound, which matters when `port` is 0, and what ends it */
export const serveLock = async (port: number, host?: string): Promise<{ port: number; close: () => void }> => {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((socket) => {
    const ended = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    last = last.then(() => {
      socket.write('acquired');
      return ended;
    });
  });
  await once(server.unref().listen(port, host), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
};

/**
 * Resolves when the lock is acquired, and at once if nothing listens at `address`.
 * @param address as in `proxy:9230`
 * @returns releases it
 */
export const acquireLock = async (address: string): Promise<() => void> => {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect(Number(port), hostname);
  await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => {});
  return () => void socket.on('error', () => {}).destroy();
};
