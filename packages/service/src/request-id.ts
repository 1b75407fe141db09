// The id that ties the log lines of one request together.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The `X-Request-Id` of a request when it is one word of at most 64 letters, digits, dots, dashes or underscores; else a new one. */
export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
};
