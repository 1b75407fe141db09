// Finds a port that is free now, for programs that cannot choose one themselves.
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below those that a system gives away by itself: no outgoing connection gets one of them, and no test that runs at the
// same time, since each process begins elsewhere. It happened that two programs were told of the same port.
const [FIRST, COUNT, EACH] = [10_000, 10_000, 50];

let next = (process.pid * EACH) % COUNT;

/** Bound and closed again: until somebody takes it, a connection to it is refused. */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port, host)) return port;
  }
  throw new Error(`No port from ${FIRST} to ${FIRST + COUNT - 1} is free.`);
};

const isFree = async (port: number, host: string): Promise<boolean> => {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
};
