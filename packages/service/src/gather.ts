// Small writes to a socket, gathered into few large ones: each has the price of a system call, and of waking its reader.
import type { Writable } from 'node:stream';

/** What is written to `stream` from now to the end of this turn of the event loop goes out in one write. */
export const gather = (stream: Writable): void => {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
};
