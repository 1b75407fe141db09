// Parses the responses that a pipeline accepts, and rejects everything that is not unambiguously one of them.
import { headerName, isFieldValue, trimmed } from '../grammar.ts';

/** A response with an unambiguous end that says which request it belongs to. */
export type SimpleResponse = {
  readonly status: number;
  readonly reason: string;
  /** Names and values, in the order in which they came. */
  readonly headers: readonly string[];
  readonly requestId: string;
  readonly servedBy: string | undefined;
  /** Of the body, in bytes. */
  readonly length: number;
  /** Whether the connection ends with it. */
  readonly close: boolean;
};

/**
 * Reads the head of a response.
 * @param head as latin1, without the empty line at its end
 * @returns undefined for one that is not simple: its end could be disputed (RFC 9112, 6.3), it is an interim one, or it
 * does not name its request
 */
export const parseSimpleResponse = (head: string): SimpleResponse | undefined => {
  const [line, code, reason = ''] = STATUS_LINE.exec(head) ?? [];
  const status = Number(code);
  if (line === undefined || WITHOUT_BODY.has(status)) return undefined;

  const headers: string[] = [];
  let length: string | undefined;
  let requestId: string | undefined;
  let servedBy: string | undefined;
  let connection: string | undefined;
  for (let at = line.length; at < head.length; ) {
    const next = head.indexOf('\r\n', at + 2);
    const end = next < 0 ? head.length : next;
    const colon = head.indexOf(':', at + 2);
    if (!head.startsWith('\r\n', at) || colon < 0 || colon > end) return undefined;
    const name = head.slice(at + 2, colon);
    const lower = headerName(name);
    const value = trimmed(head, colon + 1, end);
    if (lower === undefined || !isFieldValue(value)) return undefined;
    at = end;
    switch (lower) {
      case 'content-length':
        if (length !== undefined) return undefined;
        length = head.slice(colon + 1, end); // with its blanks, about which parsers disagree
        break;
      case 'x-request-id':
        if (requestId !== undefined) return undefined;
        requestId = value;
        break;
      case 'connection':
        if (connection !== undefined) return undefined;
        connection = value;
        break;
      case 'x-served-by':
        servedBy ??= value;
        break;
      case 'transfer-encoding':
      case 'trailer':
      case 'upgrade':
        return undefined;
    }
    headers.push(name, value);
  }

  if (requestId === undefined || length === undefined || !LENGTH.test(length)) return undefined;
  if (connection !== undefined && !CONNECTION.test(connection)) return undefined;
  const close = connection?.toLowerCase() === 'close';
  return { status, reason, headers, requestId, servedBy, length: Number(length), close };
};

const STATUS_LINE = /^HTTP\/1\.1 ([2-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)/;

// These have no body, whatever their length says (RFC 9110, 15.3.5, 15.3.6, 15.4.5).
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

const LENGTH = /^ ?\d{1,6}$/;

const CONNECTION = /^(?:keep-alive|close)$/i;
