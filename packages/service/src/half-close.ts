// Responds to clients that half-close the connection after their request, as `nc -N` does, and detects those that have
// disconnected.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { breakOff } from './break-off.ts';
import { type PendingResponse, superviseConnections } from './connections.ts';

/** Called when the listeners of `server` are set. */
export const serveHalfClosed = (server: Server): void => {
  const { pending } = superviseConnections(server);
  // By default Node closes its side as soon as the client closes its own. The property is missing in its types.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket: Socket) => {
    socket.once('end', () => finish(socket, pending(socket)));
  });
};

// TCP distinguishes a half-closed client from one that has disconnected only when something is sent to it. Before the
// response, that is a pair of interim ones (RFC 9110, 15.2) from time to time: if the client has disconnected, the first
// provokes a reset, on which the second fails. Nothing can be inserted into a response, so a stalled one is aborted.
const finish = (socket: Socket, pending: readonly PendingResponse[]): void => {
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
      return breakOff(socket, res);
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

const FIRST_LOOK_MS = 1000; // most responses are sent by then, and need no interim one
const SECOND_LOOK_MS = 200;
const STALLED_MS = 1000;
