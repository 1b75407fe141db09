// Asks an upstream whether it is ready, and says so to its state.
import { explain, Unreachable } from '@container-counter/network/failure';
import type { Upstream } from './upstream.ts';

/** Sends `GET /readyz`: a 2xx brings `upstream` back, anything else puts it out, with the reason in words. */
export const probe = async (upstream: Upstream): Promise<void> => {
  try {
    const { statusCode, headers, body } = await upstream.pool.request({
      method: 'GET',
      path: '/readyz',
      headers: { accept: 'text/plain' },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    const sentence = (await body.text()).slice(0, LONGEST_REASON).trim();
    if (statusCode >= 200 && statusCode < 300) upstream.back(nameIn(headers['x-served-by']));
    else upstream.out(sentence || `It answers /readyz with ${statusCode}.`);
  } catch (error) {
    if (upstream.pool.destroyed) return; // the proxy stops, and nobody asks any more
    const timedOut = (error as Error).name === 'TimeoutError';
    upstream.out(reasonOf(timedOut ? new Unreachable('silent', { cause: error }) : error, upstream));
  }
};

/** Why `error` happened on the way to `upstream`, in one sentence. */
export const reasonOf = (error: unknown, { target, host }: Upstream): string =>
  explain(error, { what: 'The replica', host, port: target.port }).sentence;

// A replica gives Redis one second to answer. Waiting a little longer than that brings its own reason along.
const PROBE_TIMEOUT_MS = 1500;

const LONGEST_REASON = 500;

const nameIn = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
