// A slow replica: a relay in front of one that delays its responses.
import { connect, createServer } from 'node:net';
import type { Cleanup } from '@container-counter/testing/ends';
import { listening } from '@container-counter/testing/listening';

/** @returns the port of loopback where the replica at `port` seems to be, `ms` milliseconds further away */
export const startDelay = (t: Cleanup, port: number, ms: number): Promise<number> => {
  const server = createServer({ noDelay: true }, (client) => {
    const replica = connect({ port, host: '127.0.0.1', noDelay: true });
    client.pipe(replica);
    replica.on('data', (chunk) => setTimeout(() => client.write(chunk), ms));
    replica.once('close', () => setTimeout(() => client.end(), ms)); // what it said before is still on its way
    client.once('close', () => replica.destroy());
    replica.on('error', () => {});
  });
  return listening(t, server);
};
