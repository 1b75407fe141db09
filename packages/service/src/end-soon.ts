// Ends a connection that no time limit of its server applies to any more.
import type { Duplex } from 'node:stream';

/** Ends `socket`, and does not wait for ever for its other side. @param flushMs how long what was written may take */
export const endSoon = (socket: Duplex, flushMs = CLOSE_GRACE_MS): void => {
  const cut = () => socket.destroy();
  const timer = setTimeout(cut, flushMs).unref();
  socket.end(() => {
    clearTimeout(timer);
    const last = setTimeout(cut, CLOSE_GRACE_MS).unref();
    socket.once('close', () => clearTimeout(last));
  });
};

const CLOSE_GRACE_MS = 500;
