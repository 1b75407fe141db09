// One log line for each request, written when its answer is out or its client has gone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './log.ts';

/** What nginx logs when the client went away before its answer: no status was sent. */
export const CLIENT_CLOSED_REQUEST = 499;

/**
 * Writes the line of `req` to `log` once `res` is closed, with what `more` adds by then. Probes are logged at level
 * `debug`, so that the path of a hit is easy to see.
 */
export const logRequest = (
  log: Logger,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
  more: () => Record<string, unknown> = () => ({}),
): void => {
  const { method, url = '' } = req;
  const start = performance.now();
  res.once('close', () => {
    const status = res.headersSent && res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
    const ms = Math.round((performance.now() - start) * 100) / 100;
    log[isProbe(url) ? 'debug' : 'info']({ requestId, method, url, status, ms, ...more() }, 'request');
  });
};

const isProbe = (url: string): boolean => /^\/(-\/)?(healthz|readyz)(\?|$)/.test(url);
