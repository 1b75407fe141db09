// The access log: one line per request, written when the response is sent or the client has disconnected.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './log.ts';
import type { ObserveRequest } from './metrics.ts';
import { traceparentOf } from './traceparent.ts';

/** What nginx logs when the client disconnects before its response: no status was sent. */
export const CLIENT_CLOSED_REQUEST = 499;

/** What happened to a request, beside how long it took. */
export type Outcome = {
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly method: string | undefined;
  readonly url: string;
  readonly status: number;
} & ProxiedOutcome;

/** What a proxy knows besides. */
export type ProxiedOutcome = {
  readonly client?: string;
  readonly attempts?: number | undefined;
  readonly upstream?: string | undefined;
  readonly servedBy?: string | undefined;
  readonly reason?: string | undefined;
};

/**
 * Logs `req` once `res` is closed, with what `proxied` returns then, and calls `observe`. A `status` among these
 * replaces the one that was sent, for a failure after it.
 */
export const logRequest = (
  log: Logger,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
  proxied?: () => ProxiedOutcome & { readonly status?: number | undefined },
  observe?: ObserveRequest,
): void => {
  const start = performance.now();
  res.on('close', () => {
    const { method, url = '' } = req;
    const known = proxied?.();
    const status = known?.status ?? outcomeOf(res);
    logOutcome(log, { requestId, traceparent: traceparentOf(req), method, url, ...known, status }, start, observe);
  });
};

/**
 * Logs a request that is over, and calls `observe`. Probes and the polling of the live page are logged at level `debug`,
 * so that the path of a hit is easy to see, and are not observed.
 * @param start by `performance.now()`
 */
export const logOutcome = (log: Logger, outcome: Outcome, start: number, observe?: ObserveRequest): void => {
  const { requestId, traceparent, method, url, status, client, attempts, upstream, servedBy, reason } = outcome;
  const duration = performance.now() - start;
  const ms = Math.round(duration * 100) / 100;
  const probe = isProbe(url);
  if (!probe) observe?.(status, duration / 1000);
  log.access(probe ? 'debug' : 'info', {
    requestId,
    traceparent,
    method,
    url,
    status,
    ms,
    client,
    attempts,
    upstream,
    servedBy,
    reason,
    message: 'request',
  });
};

const outcomeOf = ({ headersSent, writableFinished, statusCode }: ServerResponse): number =>
  headersSent && writableFinished ? statusCode : CLIENT_CLOSED_REQUEST;

// Most requests are hits, for which the comparison is cheaper than the pattern.
const isProbe = (url: string): boolean =>
  url !== '/' && /^\/(-\/(healthz|readyz|upstreams)|healthz|readyz)(\?|$)/.test(url);
