// The response to a request that failed: a sentence, a problem document, or a page, as the client prefers.
import type { IncomingMessage } from 'node:http';
import { type Problem, problemContent } from '@container-counter/service/problem';
import { isOutageOfPage, outagePage } from './outage-page.ts';

export type ProblemResponse = {
  /** Names and values. */
  readonly headers: string[];
  /** Undefined for a HEAD request. */
  readonly body: Buffer | undefined;
};

export const problemResponse = (
  request: Pick<IncomingMessage, 'headers' | 'method'>,
  requestId: string,
  problem: Problem,
  attempts?: number,
): ProblemResponse => {
  const page = isOutageOfPage(request, problem) ? outagePage(problem) : undefined;
  const { type, body } = page ?? problemContent(request, problem);
  const bytes = Buffer.from(body);
  const headers = {
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    ...(attempts === undefined ? {} : { 'X-Attempts': `${attempts}` }),
    ...problem.headers,
    ...page?.headers,
    Vary: 'Accept',
    'Content-Type': type,
    'Content-Length': `${bytes.length}`,
  };
  return { headers: Object.entries(headers).flat(), body: request.method === 'HEAD' ? undefined : bytes };
};
