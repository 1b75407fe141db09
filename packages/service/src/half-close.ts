// Answers clients that close their side of the connection after their request, as `nc -N` does, and finds out which of
// them have left.
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { superviseConnections } from './connections.ts';

/** Called when the listeners of `server` are set. */
export const serveHalfClosed = (server: Server): void => {
  const { pending } = superviseConnections(server);
  // Node would answer the end of one side with the end of the other. Its types do not know this property.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket: Socket) => {
    socket.once('end', () => finish(socket, pending(socket)));
  });
};

// TCP tells a client that waits from one that has left only when something is sent to it. Before the response, that is a
// pair of interim ones (RFC 9110, 15.2), now and then: where nobody is left, the first is answered by a reset, and the
// second fails. Into a response nothing may be put, so that one which does not move on is given up.
const finish = (socket: Socket, pending: readonly ServerResponse[]): void => {
  const newest = pending.at(-1);
  if (newest !== undefined) newest.shouldKeepAlive = false;
  let written = socket.bytesWritten;
  let progress = performance.now();
  const look = (round: number): void => {
    const [res] = pending;
    if (res === undefined) return;
    const now = performance.now();
    if (!res.headersSent) {
      if (res.req.httpVersion === '1.1' && res.req.complete) res.writeContinue();
    } else if (socket.bytesWritten === written && now - progress > STALLED_MS) {
      return void socket.destroy();
    }
    if (socket.bytesWritten !== written) progress = now;
    written = socket.bytesWritten;
    lookLater(round + 1);
  };
  const lookLater = (round: number): void => {
    const pause = round % 2 === 0 ? FIRST_LOOK_MS * 2 ** (round / 2) : SECOND_LOOK_MS;
    setTimeout(look, pause, round).unref();
  };
  lookLater(0);
};

const FIRST_LOOK_MS = 1000; // most responses are there by then, and need no interim one
const SECOND_LOOK_MS = 200;
const STALLED_MS = 1000;
