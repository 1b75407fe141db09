// The grammar of the responses that a shared connection may carry: whatever is not surely one of them, is none.

/** A response whose end is beyond doubt, and that says which request it belongs to. */
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
  const [statusLine = '', ...lines] = head.split('\r\n');
  const [, code, reason = ''] = STATUS_LINE.exec(statusLine) ?? [];
  const status = Number(code);
  if (code === undefined || WITHOUT_BODY.has(status)) return undefined;

  const headers: string[] = [];
  const special: Partial<Record<string, string>> = {};
  for (const line of lines) {
    const [, name, untrimmed] = FIELD.exec(line) ?? [];
    if (name === undefined || untrimmed === undefined) return undefined;
    const value = untrimmed.replace(/^[\t ]+/, '').trimEnd();
    const lower = name.toLowerCase();
    if (REFUSED.has(lower)) return undefined;
    if (SINGLE.has(lower)) {
      if (special[lower] !== undefined) return undefined;
      special[lower] = value;
    }
    headers.push(name, value);
  }

  const { 'content-length': length = '', 'x-request-id': requestId, connection = '' } = special;
  if (requestId === undefined || !LENGTH.test(length) || !CONNECTION.test(connection)) return undefined;
  return {
    status,
    reason,
    headers,
    requestId,
    servedBy: special['x-served-by'],
    length: Number(length),
    close: connection.toLowerCase() === 'close',
  };
};

const STATUS_LINE = /^HTTP\/1\.1 ([2-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/;

// These have no body, whatever their length says (RFC 9110, 15.3.5, 15.3.6, 15.4.5).
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

// A token, and a value without line breaks or other control characters (RFC 9110, 5.5).
const FIELD = /^([!#$%&'*+.^_`|~\dA-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;

const REFUSED: ReadonlySet<string> = new Set(['transfer-encoding', 'trailer', 'upgrade']);

const SINGLE: ReadonlySet<string> = new Set(['content-length', 'x-request-id', 'x-served-by', 'connection']);

const LENGTH = /^\d{1,6}$/;

const CONNECTION = /^(?:keep-alive|close)?$/i;
