// The connections of an HTTP server: an error of one never ends the process, and draining closes each at a moment at
// which no request is lost.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { breakOff } from './break-off.ts';

/** A response that is not out yet: a ServerResponse, or one that is written without node:http. */
export type PendingResponse = Pick<ServerResponse, 'headersSent' | 'writeContinue'> & {
  shouldKeepAlive: boolean;
  readonly req: Pick<IncomingMessage, 'complete' | 'httpVersion'>;
};

export type Connections = {
  /** The responses that are not out yet on `socket`, in order. */
  readonly pending: (socket: Socket) => readonly PendingResponse[];
  /** For a response that is written without node:http: its request has come. */
  readonly begin: (socket: Socket, res: PendingResponse) => void;
  /** And then: it is out, or never will be. */
  readonly end: (socket: Socket, res: PendingResponse) => void;
  /** From now on, the last pending response on each connection closes it. */
  readonly giveBack: () => void;
  /** The same, and connections that become idle are closed. */
  readonly drain: () => void;
  /** Closes every connection at once, those that were upgraded too. */
  readonly destroy: () => void;
};

type Connection = {
  readonly pending: PendingResponse[];
  /** The response that was told to close the connection, although its client wanted to keep it. */
  last: PendingResponse | undefined;
  /** `bytesRead` when the last response was out, and when draining last looked. */
  answeredBytes: number;
  seenBytes: number;
  /** When draining first saw `seenBytes`, by `performance.now()`. */
  quietSince: number;
};

const supervised = new WeakMap<Server, Connections>();

/** Takes care of the connections of `server`; called before the first one comes, and after its listeners are set. */
export const superviseConnections = (server: Server): Connections => {
  const known = supervised.get(server);
  if (known !== undefined) return known;
  const connections = supervise(server);
  supervised.set(server, connections);
  return connections;
};

const supervise = (server: Server): Connections => {
  const sockets = new Set<Socket>();
  const open = new Map<Socket, Connection>(); // without upgraded ones, which no longer speak HTTP
  let givingBack = false;

  // Node removes its own error listener before it hands a socket out, as for `upgrade` and `connect`; without one, a
  // reset would crash the process.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    open.set(socket, { pending: [], last: undefined, answeredBytes: 0, seenBytes: -1, quietSince: 0 });
    socket.on('error', ignore);
    socket.once('close', () => {
      sockets.delete(socket);
      open.delete(socket);
    });
  });

  const begin = (socket: Socket, res: PendingResponse): void => {
    const connection = open.get(socket);
    if (connection === undefined) return;
    connection.pending.push(res);
    if (givingBack) closeAfter(connection, res);
  };
  const end = (socket: Socket, res: PendingResponse): void => {
    const connection = open.get(socket);
    if (connection === undefined) return;
    if (connection.pending.length === 1) connection.pending.pop();
    else connection.pending.splice(connection.pending.indexOf(res), 1);
    connection.answeredBytes = socket.bytesRead;
  };
  const beginRequest = ({ socket }: IncomingMessage, res: ServerResponse): void => {
    begin(socket, res);
    res.on('close', () => end(socket, res));
  };
  listenFirst(server, ['request', 'checkContinue', 'checkExpectation'], beginRequest);
  const handOver = (req: IncomingMessage, stream: Duplex): void => {
    stream.on('error', ignore); // not always the socket: for a request with a body, Node wraps it
    open.delete(req.socket);
  };
  listenFirst(server, ['upgrade', 'connect'], handOver);

  const closeQuiet = (): void => {
    const now = performance.now();
    for (const [socket, connection] of open) {
      if (connection.pending.length > 0 || connection.seenBytes !== socket.bytesRead) {
        connection.seenBytes = socket.bytesRead;
        connection.quietSince = now;
      }
      // Clients connect to send something, and a part of a request is followed by the rest.
      const expected = socket.bytesRead === 0 || socket.bytesRead > connection.answeredBytes;
      if (now - connection.quietSince >= (expected ? SLOW_MS : QUIET_MS)) socket.destroy();
    }
  };

  const giveBack = (): void => {
    if (givingBack) return;
    givingBack = true;
    for (const connection of open.values()) {
      const newest = connection.pending.at(-1);
      if (newest !== undefined) closeAfter(connection, newest);
    }
  };

  return {
    pending: (socket) => open.get(socket)?.pending ?? [],
    begin,
    end,
    giveBack,
    drain: () => {
      giveBack();
      // Immediates run right after the poll phase, so everything that has arrived was read by then.
      const sweep = setInterval(() => setImmediate(closeQuiet), SWEEP_MS).unref();
      server.once('close', () => clearInterval(sweep));
    },
    destroy: () => {
      for (const socket of sockets) breakOff(socket, open.get(socket)?.pending[0]);
    },
  };
};

const ignore = (): void => {};

// Node behaves differently when these events have a listener, so none is added where there was none.
const listenFirst = (server: Server, events: readonly string[], listener: Parameters<Server['on']>[1]): void => {
  for (const event of events) {
    if (server.listenerCount(event) > 0) server.prependListener(event, listener);
  }
};

// Only the last of several pipelined requests may close the connection, or the others would be lost.
const closeAfter = (connection: Connection, res: PendingResponse): void => {
  const { last } = connection;
  if (last !== undefined && !last.headersSent) last.shouldKeepAlive = true;
  connection.last = res.shouldKeepAlive ? res : undefined;
  res.shouldKeepAlive = false;
};

const SWEEP_MS = 50;
const QUIET_MS = 250; // longer than a client on the same continent takes to send its next request
const SLOW_MS = 2000; // for a request that is to come, or of which a part has arrived
