// Finds a port that is free now, for programs that cannot choose one themselves.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Bound and closed again: until somebody takes it, a connection to it is refused. */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
