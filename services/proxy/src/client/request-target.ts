// Validates the target of a request, and converts it to origin form.
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { RequestRejected } from '../forward/errors.ts';
import { hasBody, tooLarge } from './body.ts';
import { checkExpectation, checkFraming, rejectDuplicates } from './framing.ts';

export type RequestTarget = {
  /** The path and query, as they were sent; `*` for a request about the server itself. */
  readonly path: string;
  /** The requested host; optional in HTTP/1.0. */
  readonly host: string | undefined;
};

/**
 * The target of `req` in origin form (RFC 9112, 3.2.1). An absolute form is brought into it, and its host is the one
 * that counts (3.2.2).
 * @throws {RequestRejected} 4xx or 5xx for a request that two servers could read in two ways, 413 for one that announces too much
 */
export const parseRequestTarget = (req: IncomingMessage, maxBodyBytes: number): RequestTarget => {
  checkFraming(req);
  checkExpectation(req);
  rejectDuplicates(req, 'Host', 'Idempotency-Key');
  const { headers, httpVersion, url = '' } = req;
  if (headers.host === undefined && httpVersion === '1.1') {
    throw new RequestRejected(400, 'The request has no Host header. Send one.');
  }
  checkHost('Host header', headers.host);
  if (hasBody(req) && Number(headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const [, authority, path = ''] = url.startsWith('/')
    ? [undefined, undefined, url]
    : (ABSOLUTE_FORM.exec(url) ?? [undefined, undefined, url]);
  checkHost('host in the request target', authority);
  // RFC 9112, 3.2.4: the absolute form of it has neither a path nor a query.
  if (req.method === 'OPTIONS' && (url === '*' || (authority !== undefined && path === ''))) {
    return { path: '*', host: authority ?? headers.host };
  }
  if (url.includes('#') || (authority === undefined && !path.startsWith('/'))) {
    throw new RequestRejected(400, `The request target "${url.slice(0, 100)}" is not a path. Request /, or /counts.`);
  }
  return { path: path.startsWith('/') ? path : `/${path}`, host: authority ?? headers.host };
};

// Applications build links from the host, and caches use it as a key, so it must be a valid one.
const checkHost = (what: string, host: string | undefined): void => {
  if (host === undefined || isHost(host)) return;
  throw new RequestRejected(400, `Invalid ${what} ${JSON.stringify(host.slice(0, 100))}. Send a name or an address.`);
};

/** Whether `host` is a name or an address, with or without a port. */
export const isHost = (host: string): boolean => {
  const [valid, name = '', port = ''] = HOST.exec(host) ?? [];
  const literal = !name.startsWith('[') || isIPv6(name.slice(1, -1));
  return valid !== undefined && literal && name.length <= MAX_NAME_LENGTH && Number(port) <= 65_535;
};

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)(.*)$/is;

// A name (with the underscores that containers have) or an address, and a port, which may be empty (RFC 3986, 3.2.3).
// User information is refused (RFC 9110, 4.2.4).
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(?::(\d*))?$/i;

// Of a name in DNS. The proxy sends it twice, and what it sends must not be much more than what it has accepted.
const MAX_NAME_LENGTH = 255;
