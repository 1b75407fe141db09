// What forwarding reports of a request that is traced.
import type { ClientRequest } from './client.ts';

export type RequestTrace = {
  /** An attempt begins. @returns the request that tells the upstream which trace it continues */
  readonly attempt: (request: ClientRequest, number: number, upstream: string) => ClientRequest;
  /** The upstream has responded, though not necessarily to the client. */
  readonly responded: (status: number) => void;
  readonly attemptEnded: (error: Error | undefined) => void;
  readonly end: (error: unknown) => void;
};
