// Tells whether this process was frozen, as by `docker pause`, and which requests nobody waits for any more since then.
import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * @param limitMs a shorter sleep is none; it must be less than the 40 s for which an idempotency key is remembered
 * @returns a function that tells whether the process woke up a moment ago
 */
export const watchFreezes = (limitMs = 3000): (() => boolean) => {
  let beat = Date.now();
  let thawed = 0;
  const listen = () => {
    const now = Date.now();
    if (now - beat > limitMs) thawed = now;
    beat = now;
  };
  setInterval(listen, BEAT_MS).unref();
  // What lay in the sockets is read before the first beat, or soon after it.
  return () => Date.now() - beat > limitMs || Date.now() - thawed < AFTERMATH_MS;
};

/**
 * Whether the client of `req` has left. That is known only when the end of its connection was read, which comes after
 * the request: in the next turn of the event loop, and the first immediate still belongs to this one.
 */
export const hasLeft = async ({ socket }: IncomingMessage): Promise<boolean> => {
  await turn();
  await turn();
  return socket.readableEnded || socket.destroyed;
};

const BEAT_MS = 500;
const AFTERMATH_MS = 1000;
