// All error responses of a replica, as problems (RFC 9457) with one sentence each.
import { ForeignValue } from '@container-counter/network/counter-keys';
import type { Logger } from '@container-counter/service/log';
import { type Problem, sendProblem } from '@container-counter/service/problem';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { RedisUnavailable, TooLate } from './redis.ts';

/** A request that cannot be served as it was sent; its message says why, and what to send instead. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** For an existing path with another method. */
export const methodNotAllowed =
  (...methods: readonly string[]): RequestHandler =>
  (req) => {
    const sentence = `${req.method} is not allowed for ${req.path}. Use ${methods.join(' or ')}.`;
    throw new RequestError(405, sentence, { Allow: methods.join(', ') });
  };

/** For paths that require a WebSocket; services/web/src/live/viewers.ts handles the upgrades. */
export const upgradeOnly: RequestHandler = (req) => {
  throw new RequestError(426, `${req.path} is a WebSocket. Use counter watch.`, { Upgrade: 'websocket' });
};

/** After all routes. */
export const notFound: RequestHandler = (req) => {
  throw new RequestError(404, `There is nothing at ${req.path}. Try /, /counts, or /redis/get?key=test.`);
};

/** Responds with the problem for an error; unexpected errors are logged with their stack. */
export const createErrorHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error({ requestId: res.getHeader('X-Request-Id'), err: error }, 'unexpected error');
    if (res.headersSent) next(error);
    else sendProblem(req, res, problem);
  };

/** The problem that `error` is to a client. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof RequestError) return { status: error.status, detail: error.message, headers: error.headers };
  if (error instanceof RedisUnavailable) {
    const { kind, sentence } = error.failure;
    return { status: 503, detail: sentence, headers: { 'Retry-After': '1' }, extensions: { reason: kind } };
  }
  if (error instanceof ForeignValue)
    return { status: 503, detail: error.message, extensions: { reason: 'wrong type' } };
  if (error instanceof TooLate) {
    return { status: 503, detail: LATE, headers: { 'Retry-After': '1' }, extensions: { reason: 'late' } };
  }
  if (error instanceof URIError) return { status: 400, detail: NO_URL };
  return { status: 500, detail: 'The counter failed. Its log says why, under the X-Request-Id of this response.' };
};

const NO_URL =
  'The path has a percent-escape that is not valid UTF-8, or a % that begins none. Write %25 for % itself.';

const LATE =
  'This request was delayed for so long that it may have been retried elsewhere, so nothing was counted or stored. Send it again.';
