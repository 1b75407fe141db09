// What a request asks for: checked, and brought into the one form that upstreams get.
import type { IncomingMessage } from 'node:http';
import { hasBody, tooLarge } from './body.ts';
import { Refused } from './refused.ts';

/**
 * The origin form of the request target of `req` (RFC 9112, 3.2.1). An absolute form is brought into it.
 * @throws {Refused} 400 for a request that two servers could read in two ways, 413 for one that announces too much
 */
export const checkedTarget = (req: IncomingMessage, maxBodyBytes: number): string => {
  const hosts = req.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) throw new Refused(400, 'The request has more than one Host header. Send one.');
  if (hasBody(req) && Number(req.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const target = req.url ?? '';
  if (target.startsWith('/')) return target;
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) {
    const { pathname, search } = new URL(target);
    return pathname + search;
  }
  throw new Refused(400, `The request target "${target.slice(0, 100)}" is not a path. Ask for /, or /counts.`);
};
