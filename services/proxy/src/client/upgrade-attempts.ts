// Performs an upgrade: selects an upstream, attempts the handshake, and retries on the next one.
import type { ProxyContext } from '../forward/context.ts';
import { NoUpstream } from '../forward/errors.ts';
import { isRetryableStatus, marksUnhealthy } from '../forward/failures.ts';
import { ownLines } from '../forward/headers.ts';
import { lastResort } from '../forward/last-resort.ts';
import { createRoundRobin } from '../forward/round-robin.ts';
import { replicaName } from '../upstream/replica-name.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { createHandshake, type Handshake, type UpgradeRequest } from './handshake.ts';

/** The outcome of an upgrade, for its log line and its error. */
export type UpgradeRecord = {
  attempts: number;
  /** The upstream of the last attempt. */
  upstream?: Upstream;
  /** The replica that responded. */
  servedBy?: string | undefined;
  /** Why the last attempt that failed did so, in a sentence. */
  reason?: string;
};

/**
 * Resolves with what an upstream responded.
 * @param signal ends it, with its reason as the error
 * @throws what the last attempt ran into, or that there was no upstream
 */
export type RequestUpgrade = (
  request: UpgradeRequest,
  requestId: string,
  record: UpgradeRecord,
  signal: AbortSignal,
) => Promise<Handshake>;

export const createUpgradeAttempts = ({ config, upstreams, retries }: ProxyContext): RequestUpgrade => {
  // A separate round robin: page loads followed by their feeds would skew a shared one.
  const pick = createRoundRobin();
  const makeHandshake = createHandshake(config.CONNECT_TIMEOUT_MS, config.IDLE_TIMEOUT_MS);

  return async (request, requestId, record, signal) => {
    const deadline = performance.now() + config.DEADLINE_MS;
    const tried = new Set<Upstream>();
    const another = () => upstreams.list().some((other) => other.healthy && !tried.has(other));
    let failure: unknown = new NoUpstream();
    for (;;) {
      const start = performance.now();
      const upstream =
        start < deadline ? (pick(upstreams.list(), tried) ?? lastResort(upstreams.list(), tried)) : undefined;
      if (upstream === undefined) throw failure;
      if (record.attempts > 0) retries.counters.retries += 1;
      tried.add(upstream);
      record.attempts += 1;
      record.upstream = upstream;
      upstream.selections += 1;
      let paid = false;
      try {
        const handshake = await makeHandshake(request, {
          address: upstream.address,
          timeoutMs: Math.min(config.TRY_TIMEOUT_MS, deadline - start),
          signal,
          ownLines: ownLines(upstream.address, record.attempts, requestId),
        });
        const { message } = handshake;
        const { statusCode = 0 } = message;
        if (isRetryableStatus(statusCode) && another() && retries.tryWithdraw()) {
          paid = true;
          message.destroy();
          throw new Error(`it responded with ${statusCode}`);
        }
        upstream.served += 1;
        upstream.servedMs += performance.now() - start;
        record.servedBy = replicaName(message.headers['x-served-by']);
        return handshake;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const cause = error instanceof Error ? error : new Error(String(error));
        record.reason = upstream.recordFailure(cause);
        void upstreams.check();
        failure = cause;
        // An upgrade has no body, and its method is idempotent, so it may be resent.
        if (!paid && !marksUnhealthy(cause) && !retries.tryWithdraw()) throw failure;
      }
    }
  };
};
