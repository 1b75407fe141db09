// The headers that the proxy removes and replaces, and those that it adds to a request.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { plainAddress } from '@container-counter/network/addresses';
import type { TrustPeer } from '@container-counter/service/environment';
import { fieldsOf, type HeaderFields, headerLines, linesOf } from '../header-lines.ts';

/** What matters of a request here. */
type Received = Pick<IncomingMessage, 'headers' | 'method'> & {
  /** Its header lines (header-lines.ts). */
  readonly lines: string;
};

/** Who sent a request: its address, and whether its `X-Forwarded-*` headers are trusted. */
export type Peer = { readonly address: string; readonly trusted: boolean };

export const peerOf = ({ remoteAddress }: { readonly remoteAddress?: string | undefined }, trust: TrustPeer): Peer => {
  const address = plainAddress(remoteAddress);
  return { address, trusted: trust(address, 0) };
};

/**
 * The header lines of a request for an upstream: without hop-by-hop headers, with `Host`, `X-Forwarded-*`, the request
 * id, and an idempotency key.
 */
export const requestLines = (
  { headers, method, lines }: Received,
  host: string | undefined,
  requestId: string,
  { address: peer, trusted }: Peer,
): string => {
  const options = optionsIn(lines);
  const believed = trusted ? headers : NO_HEADERS;
  const before = believed['x-forwarded-for'];
  let kept = without(options, lines.replace(NOT_FOR_UPSTREAMS, ''));
  if (method === 'OPTIONS') kept = kept.replace(MAX_FORWARDS, oneLess);
  if (host !== undefined) kept += `\r\nHost: ${host}`;
  kept += `\r\nX-Request-Id: ${requestId}`;
  kept += `\r\nX-Forwarded-For: ${before ? `${before}, ${peer}` : peer}`;
  kept += `\r\nX-Forwarded-Proto: ${single(believed['x-forwarded-proto']) ?? 'http'}`;
  kept += `\r\nX-Forwarded-Host: ${single(believed['x-forwarded-host']) ?? host ?? ''}`;
  // With a key of its own, every request may be sent again without being counted twice. An id that was made here is
  // unique, and serves for both.
  if (headers['idempotency-key'] !== undefined && !options.has('idempotency-key')) return kept;
  return `${kept}\r\nIdempotency-Key: ${headers['x-request-id'] === requestId ? randomUUID() : requestId}`;
};

/** The header lines of an upstream's response for the client. */
export const responseLines = (lines: string): string => without(optionsIn(lines), lines.replace(NOT_FOR_CLIENTS, ''));

/** The header lines that the proxy adds to a response. */
export const ownLines = (upstream: string, attempts: number, requestId: string): string =>
  `\r\nX-Upstream: ${upstream}\r\nX-Attempts: ${attempts}\r\nX-Request-Id: ${requestId}`;

/** The headers of a 101 for the client: those that make the upgrade, what the upstream added, and `own`. */
export const switchingHeaders = (rawHeaders: readonly string[], own: string): HeaderFields =>
  fieldsOf(`${UPGRADE}${responseLines(headerLines(rawHeaders))}${own}`);

/** The header lines of an upgrade to WebSocket. */
export const UPGRADE = '\r\nConnection: Upgrade\r\nUpgrade: websocket';

/** What a 426 has to say (RFC 9110, 15.5.22), which is between the client and this proxy. */
export const upgradeRequired = (close: boolean): string =>
  `\r\nUpgrade: websocket\r\nConnection: ${close ? 'close, Upgrade' : 'Upgrade'}`;

// RFC 9110, 7.6.1; `Expect`, which this proxy handles itself (RFC 9110, 10.1.1); and `Proxy`, which CGI turns into the
// variable HTTP_PROXY (CVE-2016-5385).
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'proxy',
];

// The proxy sets these itself: a client's own values are not trusted.
const REPLACED = [
  'forwarded',
  'host',
  'x-attempt',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
];

const OURS = ['x-attempts', 'x-request-id', 'x-upstream'];

// CGI and its successors treat X_Forwarded_For as X-Forwarded-For.
const spelled = (name: string): string => name.replaceAll('-', '[-_]');

const NOT_FOR_UPSTREAMS = linesOf([...[...HOP_BY_HOP, ...REPLACED].map(spelled), 'content_length']);
const NOT_FOR_CLIENTS = linesOf([...HOP_BY_HOP, ...OURS].map(spelled));

const NO_HEADERS: IncomingMessage['headers'] = {};

/** The options of `Connection`, which name headers that are about one connection alone (RFC 9110, 7.6.1). */
const optionsIn = (lines: string): ReadonlySet<string> => {
  if (!HAS_OPTIONS.test(lines)) return NONE;
  const values = [...lines.matchAll(CONNECTION)].map(([, value = '']) => value);
  const options = values.join().split(',');
  const names = new Set(options.map((option) => dashed(option.trim())));
  names.delete('content-length'); // nobody may name it, and without it nobody knows where the body ends
  return names;
};

const without = (names: ReadonlySet<string>, lines: string): string =>
  names.size === 0 ? lines : lines.replace(NAMES, (line, name: string) => (names.has(dashed(name)) ? '' : line));

const dashed = (name: string): string => name.toLowerCase().replaceAll('_', '-');

const NONE: ReadonlySet<string> = new Set();

const NAMES = /\r\n([^:]+):[^\r]*/g;

const CONNECTION = /\r\nconnection:([^\r]*)/gi;

// Other options than the two that say whether the connection is kept.
const HAS_OPTIONS = /\r\nconnection:(?![\t ]*(?:(?:keep-alive|close)[\t ]*)?(?:\r|$))/i;

const MAX_FORWARDS = /(?<=\r\nmax[-_]forwards:[\t ]*)\d{1,9}(?=[\t ]*(?:\r|$))/gi;

// RFC 9110, 7.6.2; at 0 it is not forwarded. Anything but a number is passed on unchanged.
const oneLess = (value: string): string => `${Math.max(0, Number(value) - 1)}`;

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
