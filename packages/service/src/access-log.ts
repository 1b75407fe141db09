// The access log: one line per request, written when the response is sent or the client has disconnected.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './log.ts';
import type { ObserveRequest } from './metrics.ts';
import { traceparentOf } from './traceparent.ts';

/** What nginx logs when the client disconnects before its response: no status was sent. */
export const CLIENT_CLOSED_REQUEST = 499;

/**
 * Logs `req` once `res` is closed, with what `extraFields` returns then, and calls `observe`. A `status` among these
 * replaces the one that was sent, for a failure after it. Probes and the polling of the live page are logged at level
 * `debug`, so that the path of a hit is easy to see, and are not observed.
 */
export const logRequest = (
  log: Logger,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
  extraFields: () => { readonly status?: number; readonly [field: string]: unknown } = () => ({}),
  observe?: ObserveRequest,
): void => {
  const { method, url = '' } = req;
  const start = performance.now();
  res.on('close', () => {
    const { status = outcomeOf(res), ...fields } = extraFields();
    const duration = performance.now() - start;
    const ms = Math.round(duration * 100) / 100;
    const probe = isProbe(url);
    if (!probe) observe?.(status, duration / 1000);
    const traceparent = traceparentOf(req);
    log[probe ? 'debug' : 'info']({ requestId, traceparent, method, url, status, ms, ...fields }, 'request');
  });
};

const outcomeOf = ({ headersSent, writableFinished, statusCode }: ServerResponse): number =>
  headersSent && writableFinished ? statusCode : CLIENT_CLOSED_REQUEST;

// Most requests are hits, for which the comparison is cheaper than the pattern.
const isProbe = (url: string): boolean =>
  url !== '/' && /^\/(-\/(healthz|readyz|upstreams)|healthz|readyz)(\?|$)/.test(url);
