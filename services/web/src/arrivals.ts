// Estimates since when a request that is read now may have been waiting, so that a write which was stuck in a suspended
// replica is recognised as late.
import type { IncomingMessage, Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * A lower bound, by `performance.now()`, for the arrival of a request that is read in this turn of the event loop. It is
 * about half a second ago, and older after the process was suspended, as by `docker pause`, until everything that
 * arrived meanwhile has been read.
 */
export type Since = () => number;

export const watchArrivals = (server: Server): Since => {
  let accepted = 0;
  let since = performance.now();
  let marks: { readonly at: number; readonly accepted: number }[] = [];
  server.on('connection', () => {
    accepted += 1;
  });

  // Between two immediates the event loop polls once. If that accepts no connection, none was pending, and the open ones
  // were read: whatever is read from now on arrived after `at`.
  const mark = async (): Promise<void> => {
    const at = performance.now();
    await turn();
    const before = accepted;
    await turn();
    if (accepted === before) {
      since = at;
      marks = [];
      return;
    }
    // Node accepts one connection per poll, in order. Under steady new connections, those that were pending at a mark have
    // been accepted once as many have come as the backlog holds.
    marks.push({ at, accepted });
    while (marks[0] !== undefined && accepted - marks[0].accepted > MAX_WAITING) since = marks.shift()?.at ?? since;
  };
  const beat = setInterval(mark, BEAT_MS).unref();
  server.once('close', () => clearInterval(beat));
  return () => since;
};

/** Whether this process was suspended a moment ago, judging by `since`. */
export const wasSuspended = (since: number): boolean => performance.now() - since > SUSPENDED_MS;

/**
 * Whether the client of `req` has disconnected. The end of its connection is read after the request, in the next turn of
 * the event loop; the first immediate still belongs to this one.
 */
export const clientDisconnected = async ({ socket }: IncomingMessage): Promise<boolean> => {
  await turn();
  await turn();
  return socket.readableEnded || socket.destroyed;
};

const BEAT_MS = 500;
const SUSPENDED_MS = 3000;
const MAX_WAITING = 512; // Node's backlog is 511, and Linux queues one more
