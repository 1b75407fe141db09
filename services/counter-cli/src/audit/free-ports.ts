// Finds ports of loopback for processes that stop and start again.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * `count` ports in a row that nobody has now. They are below the ports that the system gives to outgoing connections
 * (from 32768 on, or higher): one of those could take the port of a replica while it is down.
 */
export const freePorts = async (count: number): Promise<number[]> => {
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const ports = Array.from({ length: count }, (_, i) => first + i);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
};

/** Whether nobody listens on this port of loopback. */
export const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
};
