// The headers that the proxy removes and replaces, and those that it adds to a request.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { plainAddress } from '@container-counter/network/addresses';
import type { TrustPeer } from '@container-counter/service/environment';
import { memo } from '@container-counter/service/memo';
import { isFieldValue } from '../grammar.ts';

/** What matters of a request here. */
type Received = Pick<IncomingMessage, 'headers' | 'method'> & { readonly rawHeaders: readonly string[] };

/** Who sent a request: its address, and whether its `X-Forwarded-*` headers are trusted. */
export type Peer = { readonly address: string; readonly trusted: boolean };

export const peerOf = ({ remoteAddress }: { readonly remoteAddress?: string | undefined }, trust: TrustPeer): Peer => {
  const address = plainAddress(remoteAddress);
  return { address, trusted: trust(address, 0) };
};

/**
 * The headers of a request for an upstream, as a flat array of names and values: without hop-by-hop headers, with
 * `Host`, `X-Forwarded-*`, the request id, and an idempotency key.
 */
export const requestHeaders = (
  { headers, method, rawHeaders }: Received,
  host: string | undefined,
  requestId: string,
  { address: peer, trusted }: Peer,
): string[] => {
  const dropped = namedBy(headers.connection);
  const head: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lower = plainName(name);
    if (HOP_BY_HOP.has(lower) || REPLACED.has(lower) || dropped.has(lower)) continue;
    if (lower === 'content-length' && name.includes('_')) continue;
    const value = rawHeaders[i + 1] as string;
    head.push(name, lower === 'max-forwards' && method === 'OPTIONS' ? oneLess(value) : value);
  }
  const believed = trusted ? headers : NO_HEADERS;
  if (host !== undefined) head.push('Host', host);
  head.push('X-Request-Id', requestId);
  head.push('X-Forwarded-For', believed['x-forwarded-for'] ? `${believed['x-forwarded-for']}, ${peer}` : peer);
  head.push('X-Forwarded-Proto', single(believed['x-forwarded-proto']) ?? 'http');
  head.push('X-Forwarded-Host', single(believed['x-forwarded-host']) ?? host ?? '');
  // With a key of its own, every request may be sent again without being counted twice. An id that was made here is
  // unique, and serves for both.
  const keyed = headers['idempotency-key'] !== undefined && !dropped.has('idempotency-key');
  if (!keyed) head.push('Idempotency-Key', headers['x-request-id'] === requestId ? randomUUID() : requestId);
  return head;
};

/**
 * The headers of an upstream's response for the client. @param raw names and values: as bytes, or as strings that were
 * checked when they were parsed
 * @throws for what no client would take
 */
export const responseHeaders = (raw: readonly (Buffer | string)[]): string[] => {
  const head: string[] = [];
  const connection: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]);
    const lower = plainName(name);
    const value = text(raw[i + 1]);
    if (lower === 'connection') connection.push(value);
    if (!HOP_BY_HOP.has(lower) && !OURS.has(lower)) head.push(name, value);
  }
  const dropped = namedBy(connection.join());
  if (dropped.size === 0) return head;
  return head.filter((_, i) => !dropped.has((head[i - (i % 2)] as string).toLowerCase()));
};

/** The headers of a 101 for the client: those that make the upgrade, what the upstream added, and `own`. */
export const switchingHeaders = (rawHeaders: readonly string[], own: readonly string[]): HeaderFields =>
  fieldsOf(['Connection', 'Upgrade', 'Upgrade', 'websocket', ...responseHeaders(rawHeaders), ...own]);

/** What a 426 has to say (RFC 9110, 15.5.22), which is between the client and this proxy. */
export const upgradeRequired = (close: boolean): string[] => [
  'Upgrade',
  'websocket',
  'Connection',
  close ? 'close, Upgrade' : 'Upgrade',
];

/** Headers by their names in lower case, as node:http takes and gives them. */
export type HeaderFields = Record<string, string | string[]>;

/** @param head names and values, alternating */
export const fieldsOf = (head: readonly string[]): HeaderFields => {
  const fields: HeaderFields = Object.create(null); // a header may be called `constructor`
  for (let i = 0; i < head.length; i += 2) {
    const name = (head[i] as string).toLowerCase();
    const value = head[i + 1] as string;
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
};

/** A reason phrase has no meaning (RFC 9112, 4): one with other characters, which Node would refuse, is left out. */
export const reasonPhrase = (reason = ''): string | undefined => (/^[ -~]+$/.test(reason) ? reason : undefined);

// In lower case, with dashes: CGI and its successors treat X_Forwarded_For as X-Forwarded-For.
const plainName = memo((name) => name.toLowerCase().replaceAll('_', '-'));

// RFC 9110, 7.6.1; `Expect`, which this proxy handles itself (RFC 9110, 10.1.1); and `Proxy`, which CGI turns into the
// variable HTTP_PROXY (CVE-2016-5385).
const HOP_BY_HOP: ReadonlySet<string> = new Set([
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
]);

// The proxy sets these itself: a client's own values are not trusted.
const REPLACED: ReadonlySet<string> = new Set([
  'forwarded',
  'host',
  'x-attempt',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
]);

const OURS: ReadonlySet<string> = new Set(['x-attempts', 'x-request-id', 'x-upstream']);

const NO_HEADERS: IncomingMessage['headers'] = {};

const NONE: ReadonlySet<string> = new Set();

const namedBy = (connection: string | undefined): ReadonlySet<string> =>
  connection === undefined || connection === '' || connection === 'keep-alive' || connection === 'close'
    ? NONE
    : new Set(
        connection
          .toLowerCase()
          .split(',')
          .map((option) => option.trim()),
      );

// RFC 9110, 7.6.2; at 0 it is not forwarded. Anything but a number is passed on unchanged.
const oneLess = (value: string): string => (/^\d{1,9}$/.test(value) ? `${Math.max(0, Number(value) - 1)}` : value);

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

// A header's value is bytes (RFC 9110, 5.5); latin1 keeps each of them, and takes half the time of UTF-8.
const text = (value: Buffer | string = ''): string => {
  if (typeof value === 'string') return value;
  const decoded = value.toString('latin1');
  if (!isFieldValue(decoded)) throw new Error('it sent a header with a control character');
  return decoded;
};
