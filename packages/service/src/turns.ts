// For development: gives turns, so that replicas reload one after the other. A turn ends with its connection, so nobody
// waits for a process that was killed in its turn.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** @returns the port that was bound, which matters when `port` is 0, and what ends it */
export const serveTurns = async (port: number, host?: string): Promise<{ port: number; close: () => void }> => {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((socket) => {
    const ended = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    last = last.then(() => {
      socket.write('your turn');
      return ended;
    });
  });
  await once(server.unref().listen(port, host), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
};

/**
 * Resolves when the turn has come, and at once where nobody gives turns.
 * @param address as in `proxy:9230`
 * @returns ends the turn
 */
export const takeTurn = async (address: string): Promise<() => void> => {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect(Number(port), hostname);
  await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => {});
  return () => void socket.on('error', () => {}).destroy();
};
