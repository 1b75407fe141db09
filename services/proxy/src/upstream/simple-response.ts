// Parses the responses that a pipeline accepts, and rejects everything that is not unambiguously one of them.
import { HEADER_LINE, withoutBlanks } from '../header-lines.ts';
import { replicaName } from './replica-name.ts';

/** A response with an unambiguous end that says which request it belongs to. */
export type SimpleResponse = {
  readonly status: number;
  readonly reason: string;
  /** The header lines, as they came. */
  readonly lines: string;
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
  const [whole, code, reason = '', lines = ''] = RESPONSE.exec(head) ?? [];
  const status = Number(code);
  if (whole === undefined || WITHOUT_BODY.has(status)) return undefined;

  let length: string | undefined;
  let requestId: string | undefined;
  let servedBy: string | undefined;
  let connection: string | undefined;
  FIELDS.lastIndex = 0;
  for (let field = FIELDS.exec(lines); field !== null; field = FIELDS.exec(lines)) {
    const value = field[2] ?? '';
    switch (field[1]?.toLowerCase()) {
      case 'content-length':
        if (length !== undefined) return undefined;
        length = value; // with its blanks, about which parsers disagree
        break;
      case 'x-request-id':
        if (requestId !== undefined) return undefined;
        requestId = withoutBlanks(value);
        break;
      case 'connection':
        if (connection !== undefined) return undefined;
        connection = withoutBlanks(value);
        break;
      case 'x-served-by':
        servedBy ??= replicaName(withoutBlanks(value));
        break;
      default:
        return undefined;
    }
  }

  if (requestId === undefined || length === undefined || !LENGTH.test(length)) return undefined;
  if (connection !== undefined && !CONNECTION.test(connection)) return undefined;
  const close = connection?.toLowerCase() === 'close';
  return { status, reason, lines, requestId, servedBy, length: Number(length), close };
};

const RESPONSE = new RegExp(String.raw`^HTTP/1\.1 ([2-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)((?:${HEADER_LINE})*)$`);

// Those that are read, and those that no simple response has.
const FIELDS =
  /\r\n(?:(content-length|x-request-id|connection|x-served-by)|transfer-encoding|trailer|upgrade):([^\r]*)/gi;

// These have no body, whatever their length says (RFC 9110, 15.3.5, 15.3.6, 15.4.5).
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

const LENGTH = /^ ?\d{1,6}$/;

const CONNECTION = /^(?:keep-alive|close)$/i;
