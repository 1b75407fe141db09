// Parses the requests that the fast path serves, and leaves everything that is not plainly one of them to node:http.
import type { IncomingHttpHeaders } from 'node:http';
import { headerName, isFieldValue, trimmed } from '../grammar.ts';
import { isHost } from './request-target.ts';

/** A request that every HTTP parser reads in the same way. It has no body. */
export type SimpleRequest = {
  readonly method: 'GET' | 'HEAD';
  /** In origin form. */
  readonly url: string;
  readonly host: string;
  /** Names and values, in the order in which they came. */
  readonly rawHeaders: readonly string[];
  /** Those of `HEADERS` alone, by their names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Whether the client wants the connection closed after the response. */
  readonly close: boolean;
  /** In bytes, up to the end of the headers. */
  readonly length: number;
};

/**
 * Reads the request at the beginning of `text`, which is latin1.
 * @param maxLength of the request, in bytes
 * @returns undefined for one that is incomplete or not simple: whether it is valid is for node:http to say
 */
export const parseSimpleRequest = (text: string, maxLength: number): SimpleRequest | undefined => {
  const [line, method, url = ''] = REQUEST_LINE.exec(text) ?? [];
  if (line === undefined) return undefined;

  const rawHeaders: string[] = [];
  const headers: Record<string, string> = {};
  let at = line.length;
  for (;;) {
    const end = text.indexOf('\r\n', at);
    if (end < 0 || end + 2 > maxLength || rawHeaders.length > 2 * MAX_HEADERS) return undefined;
    if (end === at) break;
    const colon = text.indexOf(':', at);
    if (colon < 0 || colon > end) return undefined;
    const name = text.slice(at, colon);
    const value = trimmed(text, colon + 1, end);
    const lower = headerName(name);
    if (lower === undefined || !isFieldValue(value)) return undefined;
    const kind = HEADERS.get(lower);
    if (kind === 'complex' || (kind === 'single' && headers[lower] !== undefined)) return undefined;
    if (kind === 'single') headers[lower] = value;
    rawHeaders.push(name, value);
    at = end + 2;
  }

  const { host, connection } = headers;
  if (host === undefined || !isHost(host) || !CONNECTION.test(connection ?? '')) return undefined;
  const close = connection?.toLowerCase() === 'close';
  return { method: method as 'GET' | 'HEAD', url, host, rawHeaders, headers, close, length: at + 2 };
};

// Visible ASCII without a fragment.
const REQUEST_LINE = /^(GET|HEAD) (\/[!"$-~]*) HTTP\/1\.1\r\n/;

const CONNECTION = /^(?:keep-alive|close)?$/i;

// Those that may come once, for which a second one is a question of interpretation, and those that make a request complex:
// a body, or something that is about this connection alone.
const HEADERS: ReadonlyMap<string, 'single' | 'complex'> = new Map([
  ...['accept', 'connection', 'host', 'idempotency-key', 'traceparent', 'x-request-id'].map(single),
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'].map(single),
  ...['content-length', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer'].map(complex),
]);

function single(name: string): [string, 'single'] {
  return [name, 'single'];
}

function complex(name: string): [string, 'complex'] {
  return [name, 'complex'];
}

// node:http refuses more with a sentence.
const MAX_HEADERS = 100;
