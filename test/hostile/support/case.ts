// One case of hostile input: the bytes, where their kind is described, and the outcome that is required.

export type Expected = {
  /** Of the responses, in order, with the interim ones; none where the connection is just closed. */
  readonly statuses: readonly number[];
  /** Whether the connection then serves a further request. */
  readonly open: boolean;
  /** The method and target of each complete request that the upstream gets. */
  readonly seen: readonly string[];
  /** What the bytes at the upstream must match. */
  readonly carries?: RegExp;
  /** What the client receives must match. */
  readonly says?: RegExp;
  /** What the bytes at the upstream must not match. */
  readonly never?: RegExp;
};

export type Case = {
  readonly name: string;
  /** The section of an RFC that decides it, or the class of vulnerability. */
  readonly source: string;
  /** Each character is one byte. */
  readonly bytes: string;
  readonly expected: Expected;
  /** Why the proxy passes on what both others refuse. */
  readonly laxer?: string;
};

/** The request that an attacker wants the upstream to see, and that must never get there. */
export const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: counter.example\r\nX-Request-Id: smuggled\r\n\r\n';

/** The start line, a Host, and further header lines. */
export const headers = (startLine: string, ...lines: readonly string[]): string =>
  `${[startLine, 'Host: counter.example', ...lines].join('\r\n')}\r\n\r\n`;

/** `GET /` with further lines. */
export const get = (...lines: readonly string[]): string => headers('GET / HTTP/1.1', ...lines);

/** `POST /` with further lines, and all that follows the headers. */
export const post = (lines: readonly string[], rest: string): string => headers('POST / HTTP/1.1', ...lines) + rest;

/** Refused, and the connection closed, because it is unclear where the next request begins. */
export const refused = (status = 400): Expected => ({ statuses: [status], open: false, seen: [] });

/** Refused, but its end was clear: the connection serves the next request. */
export const declined = (status = 400): Expected => ({ statuses: [status], open: true, seen: [] });

/** The proxy responded itself, and well. */
export const served = (status = 200): Expected => ({ statuses: [status], open: true, seen: [] });

/** Each request was passed on and served. */
export const passed = (...seen: readonly string[]): Expected => ({ statuses: seen.map(() => 200), open: true, seen });
