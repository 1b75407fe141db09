// Finds a port that is free now, for programs that cannot choose one themselves.
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below those that a system gives away by itself: no outgoing connection gets one of them. Of ten ports one is taken, for
// local mode counts on from the port of its first replica, and each process begins elsewhere, so that tests which run at
// the same time are not told of the same one, as has happened.
const [FIRST, TENS, APART] = [10_000, 1000, 37];

let next = process.pid * APART;

/** Bound and closed again: until somebody takes it, a connection to it is refused. */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  for (let tries = 0; tries < TENS; tries += 1) {
    const port = FIRST + (next % TENS) * 10;
    next += 1;
    if (await isFree(port, host)) return port;
  }
  throw new Error(`No port from ${FIRST} to ${FIRST + TENS * 10} is free.`);
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
