// Parses the requests that the fast path serves, and leaves everything that is not plainly one of them to node:http.
import type { IncomingHttpHeaders } from 'node:http';
import { HEADER_LINE, withoutBlanks } from '../header-lines.ts';
import { isHost } from './request-target.ts';

/** A request that every HTTP parser reads in the same way. It has no body. */
export type SimpleRequest = {
  readonly method: 'GET' | 'HEAD';
  /** In origin form. */
  readonly url: string;
  readonly host: string;
  /** The header lines, as they came. */
  readonly lines: string;
  /** Those that `SINGLE` names, by their names in lower case. */
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
  const [whole, method, url = '', lines = ''] = REQUEST.exec(text) ?? [];
  if (whole === undefined || whole.length > maxLength) return undefined;

  const headers: Record<string, string> = {};
  SINGLE_OR_COMPLEX.lastIndex = 0;
  for (let field = SINGLE_OR_COMPLEX.exec(lines); field !== null; field = SINGLE_OR_COMPLEX.exec(lines)) {
    const name = field[1]?.toLowerCase();
    if (name === undefined || headers[name] !== undefined) return undefined;
    headers[name] = withoutBlanks(field[2] ?? '');
  }

  const { host, connection } = headers;
  if (host === undefined || !isHost(host) || !CONNECTION.test(connection ?? '')) return undefined;
  const close = connection?.toLowerCase() === 'close';
  return { method: method as 'GET' | 'HEAD', url, host, lines, headers, close, length: whole.length };
};

// Visible ASCII without a fragment, and no more headers than node:http, which refuses more with a sentence.
const REQUEST = new RegExp(String.raw`^(GET|HEAD) (/[!"$-~]*) HTTP/1\.1((?:${HEADER_LINE}){1,100})\r\n\r\n`);

const CONNECTION = /^(?:keep-alive|close)?$/i;

// Those that may come once, for which a second one is a question of interpretation.
const SINGLE = [
  ...['accept', 'connection', 'host', 'idempotency-key', 'traceparent', 'x-request-id'],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
];

// Those that make a request complex: a body, or something that is about this connection alone.
const COMPLEX = ['content-length', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer'];

const SINGLE_OR_COMPLEX = new RegExp(`\\r\\n(?:(${SINGLE.join('|')})|${COMPLEX.join('|')}):([^\\r]*)`, 'gi');
