// The place of a request in a distributed trace (W3C Trace Context), which is passed on unchanged if tracing is off.
import type { IncomingMessage } from 'node:http';

/** The `traceparent` of `req` when it is well-formed; undefined otherwise, as for most requests. */
export const traceparentOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined =>
  validTraceparent(headers['traceparent']);

export const validTraceparent = (given: unknown): string | undefined =>
  typeof given === 'string' && WELL_FORMED.test(given) ? given : undefined;

// Version, trace id, parent id, flags; neither id is all zeros, and there is no version ff.
const WELL_FORMED = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
