// One log line for each request, written when its response is out or its client has gone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './log.ts';
import type { ObserveRequest } from './metrics.ts';
import { traceparentOf } from './traceparent.ts';

/** What nginx logs when the client went away before its response: no status was sent. */
export const CLIENT_CLOSED_REQUEST = 499;

/**
 * Writes the line of `req` to `log` once `res` is closed, with what `extraFields` adds by then, and tells `observe`. A `status`
 * among that takes the place of the one that was sent, where a failure came after it. Probes,
 * and what the live page asks again and again, are logged at level `debug`, so that the path of a hit is easy to see,
 * and not observed.
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

// A hit, which is most of what comes, is none at first sight.
const isProbe = (url: string): boolean =>
  url !== '/' && /^\/(-\/(healthz|readyz|upstreams)|healthz|readyz)(\?|$)/.test(url);
