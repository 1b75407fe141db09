// Forwards a request: selects an upstream, makes an attempt, and retries on the next one.
import type { Upstream } from '../upstream/upstream.ts';
import { Attempt } from './attempt.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import type { ProxyContext } from './context.ts';
import { ClientDisconnected, NoUpstream, PipelineAborted, RequestRejected } from './errors.ts';
import { isReplayable, isRetryableStatus, statusOf } from './failures.ts';
import { ownLines } from './headers.ts';
import { isForPage, lastResort } from './last-resort.ts';
import type { RequestTrace } from './trace.ts';

/** The outcome of a request, for its log line and its error. */
export type ForwardRecord = {
  attempts: number;
  /** The upstream of the last attempt. */
  upstream?: Upstream;
  /** The replica that responded. */
  servedBy?: string | undefined;
  /** Why the last attempt that failed did so, in a sentence. */
  reason?: string;
  /** The status that tells what happened, where an upstream broke off its response after another one was sent. */
  status?: 502 | 503 | 504;
};

/**
 * Resolves when `response` is over.
 * @throws why nothing was sent to the client: what the last attempt ran into, or that there was no upstream
 */
export const forward = (
  context: ProxyContext,
  request: ClientRequest,
  response: ClientResponse,
  record: ForwardRecord,
): Promise<void> => {
  const traced = context.trace?.(request);
  if (traced === undefined) return attemptAll(context, request, response, record);
  const forwarded = attemptAll(context, request, response, record, traced);
  forwarded.then(() => traced.end(record.status), traced.end);
  return forwarded;
};

const attemptAll = async (
  { config, upstreams, pick, retries }: ProxyContext,
  request: ClientRequest,
  response: ClientResponse,
  record: ForwardRecord,
  traced?: RequestTrace,
): Promise<void> => {
  const deadline = performance.now() + config.DEADLINE_MS;
  let tried = NONE;
  let stale: Upstream | undefined; // failed on a kept connection, so a new one may work
  let attempt: Attempt | undefined;
  let failure: Error | undefined;
  const responding = () => (isForPage(request) ? lastResort(upstreams.list(), tried) : undefined);
  response.onDisconnect(() => attempt?.abort(new ClientDisconnected()));

  for (;;) {
    const remainingMs = deadline - performance.now();
    const resend = failure instanceof PipelineAborted; // the same attempt, over a connection of its own
    const selected: Upstream | undefined = resend ? record.upstream : (pick(upstreams.list(), tried) ?? responding());
    const fresh: boolean = selected === undefined && stale?.healthy === true;
    const upstream = fresh ? stale : selected;
    if (upstream === undefined || remainingMs <= 0) throw failure ?? new NoUpstream();
    if (fresh) stale = undefined;
    if (attempt !== undefined) retries.counters.retries += 1;
    if (!resend) {
      record.upstream = upstream;
      record.attempts += 1;
      upstream.selections += 1;
    }

    const mayRetry = () => attempt?.sent === false || (isReplayable(request) && retries.tryWithdraw());
    const another = () => upstreams.list().some((other) => other.healthy && other !== upstream && !tried.has(other));
    let discarded = false;
    const outgoing = record.attempts === 1 ? request : withAttempt(request, record.attempts);
    attempt = new Attempt(upstream.transportFor(request, attempt === undefined, fresh), {
      request: traced?.attempt(outgoing, record.attempts, upstream.address) ?? outgoing,
      response,
      namesRequests: upstream.namesRequests,
      timeoutMs: Math.min(config.TRY_TIMEOUT_MS, remainingMs),
      accepts: (status) => {
        traced?.responded(status);
        discarded = isRetryableStatus(status) && another() && mayRetry();
        return !discarded;
      },
      onBegin: (head, responseTimeMs) => {
        record.servedBy = head.servedBy;
        upstream.recordResponse(request, head, responseTimeMs);
        return ownLines(upstream.address, record.attempts, request.id);
      },
    });
    const error = await attempt.failure;
    traced?.attemptEnded(error);

    if (error === undefined || response.closed || error instanceof ClientDisconnected) return;
    if (error instanceof RequestRejected && !attempt.begun) throw error;
    const innocent = error instanceof PipelineAborted || error instanceof RequestRejected;
    if (!innocent) {
      record.reason = upstream.recordFailure(error);
      void upstreams.check();
    }
    if (attempt.begun) {
      if (!innocent) record.status = statusOf(error);
      return response.abort();
    }
    if (!(error instanceof PipelineAborted)) tried = new Set([...tried, upstream]);
    if (attempt.stale && !fresh) stale = upstream; // a new one that fails is not stale, whatever it has carried
    failure = error;
    if (!discarded && !mayRetry()) throw failure;
  }
};

const NONE: ReadonlySet<Upstream> = new Set();

const withAttempt = (request: ClientRequest, attempt: number): ClientRequest => ({
  ...request,
  lines: `${request.lines}\r\nX-Attempt: ${attempt}`,
});
