// Serves the requests of one connection in order: each starts when the response before it is out (RFC 9112, 9.3.2).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

type Response = ServerResponse<IncomingMessage>;

export type ConnectionQueue = {
  /** The response to the latest request of `socket`, which may be out already. */
  readonly latestResponse: (socket: Duplex) => Response | undefined;
  /** Whether every request of `socket` so far was read and responded to. */
  readonly idle: (socket: Duplex) => boolean;
  /** Calls `serve` when the responses before `res` are out, or never, if the connection was closed by then. */
  readonly enqueue: (req: IncomingMessage, res: Response, serve: () => void) => void;
};

export const createConnectionQueue = (): ConnectionQueue => {
  const connections = new WeakMap<Duplex, { latest: Response; waiting: number }>();
  return {
    latestResponse: (socket) => connections.get(socket)?.latest,
    idle: (socket) => {
      const latest = connections.get(socket)?.latest;
      return latest === undefined || (latest.writableFinished && latest.req.complete);
    },
    enqueue: (req, res, serve) => {
      const { socket } = req;
      const connection = connections.get(socket) ?? { latest: res, waiting: 0 };
      const previous = connection.latest;
      connection.latest = res;
      connections.set(socket, connection);
      if (previous === res) return serve();
      if (previous.writableFinished) return serveIfOpen(socket, serve);
      connection.waiting += 1;
      if (connection.waiting === MAX_WAITING) socket.pause();
      previous.once('close', () => {
        connection.waiting -= 1;
        if (connection.waiting === 0) socket.resume();
        serveIfOpen(socket, serve);
      });
    },
  };
};

// A response that closes its connection is the last one; requests pipelined behind it are not to be trusted.
const serveIfOpen = (socket: Duplex, serve: () => void): void => {
  if (socket.writable) serve();
};

// Stops reading from a client that pipelines without reading its responses. Since a disconnect goes unnoticed on a
// paused socket, this is far above what a well-behaved client pipelines.
const MAX_WAITING = 100;
