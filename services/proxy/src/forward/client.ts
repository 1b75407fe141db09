// The client's side of forwarding: the incoming request, and its response.
import type { Readable } from 'node:stream';

export type ClientRequest = {
  /** Sent to upstreams as `X-Request-Id`, and to the client. */
  readonly id: string;
  /** Whether the id was made here, so that no other request has it. */
  readonly uniqueId: boolean;
  readonly method: string;
  /** In origin form: the path and query. */
  readonly path: string;
  /** For an upstream (header-lines.ts). */
  readonly lines: string;
  /** Opens the body, where there is one. It can be opened until something of it was read. */
  readonly body: ((listener: BodyListener) => Readable) | undefined;
};

/** Told of a body on its way through. */
export type BodyListener = {
  /** The upstream wants more, which is yet to come from the client. */
  readonly onWait: () => void;
  /** More has come, or the end, and the upstream is to take it in. */
  readonly onProgress: () => void;
};

export type ClientResponse = {
  /** Whether nothing can be sent any more: the response is over, or the client has disconnected. */
  readonly closed: boolean;
  /** Called once when the client disconnects before it has the whole response. */
  readonly onDisconnect: (listener: () => void) => void;
  /** Sends an interim response (1xx), where the client can take one. */
  readonly interim: (status: number, lines: string) => void;
  /**
   * @param lines of headers (header-lines.ts)
   * @param length of the body in bytes, NaN when that is not known
   */
  readonly begin: (status: number, reason: string | undefined, lines: string, length: number) => void;
  /** @returns whether more may follow at once; else `onDrain` tells when */
  readonly write: (chunk: Buffer) => boolean;
  readonly onDrain: (listener: () => void) => void;
  readonly end: () => void;
  /** Cuts the connection, so that a broken response does not look like a whole one. */
  readonly abort: () => void;
};
