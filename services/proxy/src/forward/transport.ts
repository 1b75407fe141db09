// The upstream's side of forwarding: how a request is sent, and its response received.
import type { BodyListener, ClientRequest } from './client.ts';

export type ResponseHead = {
  /** 1xx for an interim response, which another one follows. */
  readonly status: number;
  readonly reason: string | undefined;
  /** The header lines, as they came (header-lines.ts). */
  readonly lines: string;
  /** Of the body in bytes, NaN when that is not known. */
  readonly length: number;
  /** Which replica responds, where it says so. */
  readonly servedBy: string | undefined;
  /** Which request it belongs to, where it says so. */
  readonly requestId: string | undefined;
};

/** Callbacks for a request, in this order; none after `onEnd` or `onError`. */
export type ResponseSink = BodyListener & {
  /** The request is on its way: from now on the upstream may have seen it. */
  readonly onSent: () => void;
  readonly onHead: (head: ResponseHead) => void;
  readonly onData: (chunk: Buffer) => void;
  readonly onEnd: () => void;
  /** @param reused whether its connection had carried responses before, so that it may just have been closed for its age */
  readonly onError: (error: Error, reused: boolean) => void;
};

/** A request that was sent. */
export type ForwardedRequest = {
  /** Cancels the request. */
  readonly abort: (error: Error) => void;
  readonly pause: () => void;
  readonly resume: () => void;
};

export type Transport = {
  /** Whether `send` heeds its time-out itself; else the caller does. */
  readonly timesOut?: boolean;
  /** @param timeoutMs until the response begins, in milliseconds */
  readonly send: (request: ClientRequest, sink: ResponseSink, timeoutMs: number) => ForwardedRequest;
};
