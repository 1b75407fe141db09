// Tells since when a request that is read now may have been waiting, so that a write which lay in a suspended replica is
// known to be old, whatever the clock says when it is read.
import type { IncomingMessage, Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * A time, as `performance.now` tells it, before which no request came that is read now. Ask it in the turn of the event
 * loop in which the request is read. It is about half a second ago, and older after the process was suspended, as by
 * `docker pause`, until all that came meanwhile has been read.
 */
export type Since = () => number;

export const watchArrivals = (server: Server): Since => {
  let accepted = 0;
  let since = performance.now();
  let marks: { readonly at: number; readonly accepted: number }[] = [];
  server.on('connection', () => {
    accepted += 1;
  });

  // Between two immediates the event loop asks once for all that is new. When no connection is, none was waiting, and
  // what was waiting in the others has been read: whatever is read from now on came after `at`.
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
    // It takes one connection at a time, in their order. With a new one in every turn, what waited at a mark has been
    // taken once as many have come as can wait.
    marks.push({ at, accepted });
    while (marks[0] !== undefined && accepted - marks[0].accepted > MAX_WAITING) since = marks.shift()?.at ?? since;
  };
  const beat = setInterval(mark, BEAT_MS).unref();
  server.once('close', () => clearInterval(beat));
  return () => since;
};

/** Whether this process was suspended a moment ago, by what `since` tells. */
export const wasSuspended = (since: number): boolean => performance.now() - since > SUSPENDED_MS;

/**
 * Whether the client of `req` has left. That is known only when the end of its connection was read, which comes after
 * the request: in the next turn of the event loop, and the first immediate still belongs to this one.
 */
export const clientDisconnected = async ({ socket }: IncomingMessage): Promise<boolean> => {
  await turn();
  await turn();
  return socket.readableEnded || socket.destroyed;
};

const BEAT_MS = 500;
const SUSPENDED_MS = 3000;
const MAX_WAITING = 512; // Node asks the system for a queue of 511 connections, and Linux takes one more
