// What a request asks for: checked, and brought into the one form that upstreams get.
import type { IncomingMessage } from 'node:http';
import { hasBody, tooLarge } from './body.ts';
import { Refused } from './refused.ts';

export type RequestTarget = {
  /** The path and query, as they were sent. */
  readonly path: string;
  /** Whom the client wants; HTTP/1.0 need not say so. */
  readonly host: string | undefined;
};

/**
 * The target of `req` in origin form (RFC 9112, 3.2.1). An absolute form is brought into it, and its host is the one
 * that counts (3.2.2).
 * @throws {Refused} 400 for a request that two servers could read in two ways, 413 for one that announces too much
 */
export const checkedTarget = (req: IncomingMessage, maxBodyBytes: number): RequestTarget => {
  const hosts = req.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) throw new Refused(400, 'The request has more than one Host header. Send one.');
  if (hosts.length === 0 && req.httpVersion === '1.1') {
    throw new Refused(400, 'The request has no Host header. Send one.');
  }
  if (hasBody(req) && Number(req.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const target = req.url ?? '';
  if (target.startsWith('/')) return { path: target, host: req.headers.host };
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) {
    const { pathname, search, host } = new URL(target);
    return { path: pathname + search, host };
  }
  throw new Refused(400, `The request target "${target.slice(0, 100)}" is not a path. Ask for /, or /counts.`);
};
