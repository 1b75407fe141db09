// The access log: one line per request, written when the response is sent or the client has disconnected.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './log.ts';
import type { ObserveRequest } from './metrics.ts';
import { traceparentOf } from './traceparent.ts';

/** What nginx logs when the client disconnects before its response: no status was sent. */
export const CLIENT_CLOSED_REQUEST = 499;

/** What the log says of a request beside its outcome. */
export type RequestFields = {
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly method: string | undefined;
  readonly url: string;
};

/**
 * Logs `req` once `res` is closed, with what `extraFields` returns then, and calls `observe`. A `status` among these
 * replaces the one that was sent, for a failure after it.
 */
export const logRequest = (
  log: Logger,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
  extraFields: () => { readonly status?: number; readonly [field: string]: unknown } = () => ({}),
  observe?: ObserveRequest,
): void => {
  const start = performance.now();
  res.on('close', () => {
    const { status = outcomeOf(res), ...fields } = extraFields();
    const { method, url = '' } = req;
    logOutcome(log, { requestId, traceparent: traceparentOf(req), method, url }, status, start, fields, observe);
  });
};

/**
 * Logs a request that is over, and calls `observe`. Probes and the polling of the live page are logged at level `debug`,
 * so that the path of a hit is easy to see, and are not observed.
 * @param start by `performance.now()`
 */
export const logOutcome = (
  log: Logger,
  request: RequestFields,
  status: number,
  start: number,
  fields: { readonly [field: string]: unknown },
  observe?: ObserveRequest,
): void => {
  const duration = performance.now() - start;
  const ms = Math.round(duration * 100) / 100;
  const probe = isProbe(request.url);
  if (!probe) observe?.(status, duration / 1000);
  log[probe ? 'debug' : 'info']({ ...request, status, ms, ...fields }, 'request');
};

const outcomeOf = ({ headersSent, writableFinished, statusCode }: ServerResponse): number =>
  headersSent && writableFinished ? statusCode : CLIENT_CLOSED_REQUEST;

// Most requests are hits, for which the comparison is cheaper than the pattern.
const isProbe = (url: string): boolean =>
  url !== '/' && /^\/(-\/(healthz|readyz|upstreams)|healthz|readyz)(\?|$)/.test(url);
