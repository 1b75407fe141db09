// The health check of an upstream.
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Unreachable } from '@container-counter/network/failure';
import type { Dispatcher } from 'undici';
import { wasKept } from './pool.ts';
import { replicaName } from './replica-name.ts';

export type Health =
  | {
      readonly ready: true;
      /** What the replica calls itself. */
      readonly name: string | undefined;
      /** Of the program that it runs. */
      readonly version: string | undefined;
      /** Whether its response has the id of the request. */
      readonly namesRequests: boolean;
    }
  /** The reason: its own message, or the connection error. */
  | { readonly ready: false; readonly reason: string | Error };

/**
 * Sends `GET /readyz`: a 2xx means ready. A kept connection that ends under it says nothing, so it is sent once more.
 * @param namesRequests whether the response must have the id of the request
 */
export const checkHealth = async (dispatcher: Dispatcher, namesRequests: boolean): Promise<Health> => {
  const health = await check(dispatcher, namesRequests);
  return !health.ready && health.reason instanceof Error && wasKept(health.reason)
    ? check(dispatcher, namesRequests)
    : health;
};

const check = async (dispatcher: Dispatcher, namesRequests: boolean): Promise<Health> => {
  const id = randomUUID();
  try {
    const { statusCode, headers, body } = await dispatcher.request({
      method: 'GET',
      path: '/readyz',
      headers: { accept: 'text/plain', 'x-request-id': id },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const sentence = (await beginningOf(body)).slice(0, MAX_SENTENCE).trim();
    const named = headers['x-request-id'] === id;
    if (namesRequests && !named) return { ready: false, reason: 'It sent a response that belongs to another request.' };
    if (statusCode < 200 || statusCode >= 300) {
      return { ready: false, reason: sentence || `It responds to /readyz with ${statusCode}.` };
    }
    return {
      ready: true,
      name: replicaName(headers['x-served-by']),
      version: versionIn(headers),
      namesRequests: named,
    };
  } catch (error) {
    const timedOut = (error as Error).name === 'TimeoutError';
    return { ready: false, reason: timedOut ? new Unreachable('silent', { cause: error }) : (error as Error) };
  }
};

// Whoever has this address now may send without end. To leave the loop closes the connection.
const beginningOf = async (body: Readable): Promise<string> => {
  let text = '';
  for await (const piece of body.setEncoding('utf8')) {
    text += piece;
    if (text.length > MAX_TEXT) break;
  }
  return text;
};

const versionIn = (headers: Dispatcher.ResponseData['headers']): string | undefined =>
  /^[\w.+-]{1,40}$/.exec(String(headers['x-version'] ?? ''))?.[0];

// A replica waits one second for Redis. This is a little longer, so that its own error message arrives.
const TIMEOUT_MS = 1500;

const MAX_TEXT = 4096;
const MAX_SENTENCE = 500;
