// Starts a server of a test on loopback, which ends with the test, and with it its connections.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Cleanup } from './ends.ts';

/** @returns the port */
export const listening = async (t: Cleanup, server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('close', () => sockets.delete(socket));
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};

/** A server that does with each connection only what `serve` says. @returns its port */
export const startServer = (t: Cleanup, serve: (socket: Socket) => void): Promise<number> =>
  listening(t, createServer(serve));
