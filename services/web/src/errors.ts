// Every error that a replica answers with: what went wrong becomes a problem with one sentence.
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

/** For the end of the routes of one path: it exists, but not with this method. */
export const methodNotAllowed =
  (...methods: readonly string[]): RequestHandler =>
  (req) => {
    const sentence = `${req.method} is not allowed for ${req.path}. Use ${methods.join(' or ')}.`;
    throw new RequestError(405, sentence, { Allow: methods.join(', ') });
  };

/** For what is reached by WebSocket alone; services/web/src/live/viewers.ts takes those that ask so. */
export const upgradeOnly: RequestHandler = (req) => {
  throw new RequestError(426, `${req.path} is a WebSocket. Use counter watch.`, { Upgrade: 'websocket' });
};

/** For the end of all routes. */
export const notFound: RequestHandler = (req) => {
  throw new RequestError(404, `There is nothing at ${req.path}. Try /, /counts, or /redis/get?key=test.`);
};

/** Answers with the problem that an error is; an error that nobody foresaw is logged with its stack. */
export const createErrorHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error({ requestId: res.getHeader('X-Request-Id'), err: error }, 'unexpected error');
    if (res.headersSent) next(error);
    else sendProblem(req, res, problem);
  };

const problemOf = (error: unknown): Problem => {
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
  return { status: 500, detail: 'The counter failed. Its log says why, under the X-Request-Id of this response.' };
};

const LATE =
  'This request was delayed for so long that it may have been retried elsewhere, so nothing was counted or stored. Send it again.';
