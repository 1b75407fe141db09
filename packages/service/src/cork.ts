// Batches small writes to a socket into one: each write costs a system call, and wakes its reader.
import type { Writable } from 'node:stream';

/** What is written to `stream` in this turn of the event loop goes out in one write at its end. */
export const corkUntilNextTurn = (stream: Writable): void => {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
};
