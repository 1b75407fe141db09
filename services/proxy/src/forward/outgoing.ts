// A request as it goes out to an upstream, and whether it may share a connection.
import type { IncomingMessage } from 'node:http';
import { hasBody } from '../client/body.ts';

/** What `req` becomes, for whichever upstream. */
export type Outgoing = { readonly path: string; readonly head: string[]; readonly requestId: string };

/**
 * Whether `req` is a hit: it has a short answer, and may be sent again. Its head must be one that no upstream could
 * refuse at once, out of turn, for its length.
 */
export const isHit = (req: IncomingMessage, { path, head }: Outgoing): boolean => {
  if (req.method !== 'GET' || path !== '/' || hasBody(req)) return false;
  let length = 0;
  for (const part of head) length += part.length;
  return length <= SHORT_HEAD_BYTES;
};

const SHORT_HEAD_BYTES = 4096;
