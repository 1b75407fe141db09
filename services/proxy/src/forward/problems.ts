// The error responses for requests that no upstream has served.
import type { Problem } from '@container-counter/service/problem';
import type { Upstream } from '../upstream/upstream.ts';
import type { ProxyContext } from './context.ts';
import { NoUpstream, RequestRejected } from './errors.ts';
import { statusOf } from './failures.ts';

/** No healthy upstream: 503, naming each upstream and its error, equal ones together. */
export const noUpstream = ({ upstreams, draining }: ProxyContext): Problem => {
  const known = upstreams.list().map((upstream) => upstream.report());
  const named = Map.groupBy(known, ({ state, lastError }) => lastError ?? state);
  const reasons = [...named].map(
    ([reason, ones]) => `${ones.map(({ address, name = address }) => name).join(', ')}: ${reason}`,
  );
  const detail = draining.aborted
    ? 'The proxy is stopping. Try again in a moment.'
    : ['No replica is available.', ...reasons, ...upstreams.unresolved()].join(' ');
  return { status: 503, detail, headers: RETRY_SOON, extensions: { upstreams: known } };
};

/** The error response after the last attempt. */
export const problemFor = (
  context: ProxyContext,
  error: unknown,
  upstream: Upstream | undefined,
  attempts: number,
): Problem => {
  if (error instanceof RequestRejected) return { status: error.status, detail: error.message };
  if (upstream === undefined || error instanceof NoUpstream) return noUpstream(context);
  const count = attempts === 1 ? 'one attempt' : `${attempts} attempts`;
  const status = statusOf(error);
  const detail = `No response after ${count}. ${upstream.explain(error)}`;
  return status === 503 ? { status, detail, headers: RETRY_SOON } : { status, detail };
};

const RETRY_SOON = { 'Retry-After': '1' };
