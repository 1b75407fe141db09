// The order on one connection: a request is served once the answer before it is out (RFC 9112, 9.3.2).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

type Answer = ServerResponse<IncomingMessage>;

export type Turns = {
  /** The answer to the newest request of `socket`, which may be out already. */
  readonly newest: (socket: Duplex) => Answer | undefined;
  /** Whether every request of `socket` so far is read and answered. */
  readonly idle: (socket: Duplex) => boolean;
  /** Calls `serve` when it is the turn of `req`, or never, when its connection serves nothing more by then. */
  readonly wait: (req: IncomingMessage, res: Answer, serve: () => void) => void;
};

export const createTurns = (): Turns => {
  const answers = new WeakMap<Duplex, { newest: Answer; waiting: number }>();
  return {
    newest: (socket) => answers.get(socket)?.newest,
    idle: (socket) => {
      const newest = answers.get(socket)?.newest;
      return newest === undefined || (newest.writableFinished && newest.req.complete);
    },
    wait: (req, res, serve) => {
      const { socket } = req;
      const line = answers.get(socket) ?? { newest: res, waiting: 0 };
      const before = line.newest;
      line.newest = res;
      answers.set(socket, line);
      if (before === res) return serve();
      if (before.writableFinished) return serveOn(socket, serve);
      line.waiting += 1;
      if (line.waiting === MOST_WAITING) socket.pause();
      before.once('close', () => {
        line.waiting -= 1;
        if (line.waiting === 0) socket.resume();
        serveOn(socket, serve);
      });
    },
  };
};

// An answer that closes its connection is the last one; what was sent behind it is not to be trusted.
const serveOn = (socket: Duplex, serve: () => void): void => {
  if (socket.writable) serve();
};

// Whoever sends on without reading waits here. A connection that is not read from does not show that its client left,
// so this is far above what a client in good faith sends ahead.
const MOST_WAITING = 100;
