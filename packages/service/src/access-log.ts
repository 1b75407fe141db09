// One log line for each request, written when its answer is out or its client has gone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './log.ts';
import type { ObserveRequest } from './metrics.ts';
import { traceparentOf } from './traceparent.ts';

/** What nginx logs when the client went away before its answer: no status was sent. */
export const CLIENT_CLOSED_REQUEST = 499;

/**
 * Writes the line of `req` to `log` once `res` is closed, with what `more` adds by then, and tells `observe`. Probes,
 * and what the live page asks again and again, are logged at level `debug`, so that the path of a hit is easy to see,
 * and not observed.
 */
export const logRequest = (
  log: Logger,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
  more: () => Record<string, unknown> = () => ({}),
  observe?: ObserveRequest,
): void => {
  const { method, url = '' } = req;
  const start = performance.now();
  res.on('close', () => {
    const status = res.headersSent && res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
    const duration = performance.now() - start;
    const ms = Math.round(duration * 100) / 100;
    const probe = isProbe(url);
    if (!probe) observe?.(status, duration / 1000);
    const traceparent = traceparentOf(req);
    log[probe ? 'debug' : 'info']({ requestId, traceparent, method, url, status, ms, ...more() }, 'request');
  });
};

// A hit, which is most of what comes, is none at first sight.
const isProbe = (url: string): boolean =>
  url !== '/' && /^\/(-\/(healthz|readyz|upstreams)|healthz|readyz)(\?|$)/.test(url);
