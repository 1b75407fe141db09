// Classifies a failed attempt: the client's status, the upstream's health, and whether to retry.
import { type FailureKind, kindOf } from '@container-counter/network/failure';
import type { ClientRequest } from './client.ts';

/**
 * The status for a request whose last attempt failed with `error`: the upstream was too slow (504) or broke (502), or
 * this process had reached a limit of its own (503).
 */
export const statusOf = (error: unknown): 502 | 503 | 504 => {
  if (isOwnLimit(error)) return 503;
  return TOO_SLOW.has(kindOf(error)) ? 504 : 502;
};

/**
 * Whether `error` shows that no connection to an upstream can be made. Anything else, such as one slow response, leaves
 * it to the next health check.
 */
export const marksUnhealthy = (error: unknown): boolean => NO_CONNECTION.has(kindOf(error));

/** Whether a response with this status is one to discard for that of another upstream, where there is one. */
export const isRetryableStatus = (status: number): boolean => status >= 502 && status <= 504;

/** Whether this process ran into a limit of its own, which says nothing of the upstream. */
export const isOwnLimit = (error: unknown): boolean => OWN_LIMITS.has(kindOf(error));

/**
 * Whether a request may be sent again after it was sent once: its method is idempotent (RFC 9110, 9.2.2), and it has no
 * body, which would be gone. A counted hit is safe by its idempotency key.
 */
export const isReplayable = ({ method, body }: ClientRequest): boolean => IDEMPOTENT.has(method) && body === undefined;

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

const NO_CONNECTION: ReadonlySet<FailureKind> = new Set(['refused', 'unreachable', 'unanswered']);

const OWN_LIMITS: ReadonlySet<FailureKind> = new Set(['no file descriptors', 'no local port']);

const TOO_SLOW: ReadonlySet<FailureKind> = new Set(['silent', 'unanswered']);
