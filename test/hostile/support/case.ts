// One case of hostile input: the bytes, where their kind is described, and what must come of them.

export type Expected = {
  /** The statuses that come back, in order, with the interim ones; none where the connection is just closed. */
  readonly answers: readonly number[];
  /** Whether the connection then serves a further request. */
  readonly open: boolean;
  /** The method and target of each whole request that the upstream gets. */
  readonly seen: readonly string[];
  /** What the bytes at the upstream must match. */
  readonly carries?: RegExp;
  /** What comes back must match. */
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

/** A head with the start line, a Host, and further lines. */
export const head = (startLine: string, ...lines: readonly string[]): string =>
  `${[startLine, 'Host: counter.example', ...lines].join('\r\n')}\r\n\r\n`;

/** `GET /` with further lines. */
export const get = (...lines: readonly string[]): string => head('GET / HTTP/1.1', ...lines);

/** `POST /` with further lines, and all that follows the head. */
export const post = (lines: readonly string[], rest: string): string => head('POST / HTTP/1.1', ...lines) + rest;

/** Refused, and the connection closed, for nobody knows where the next request begins. */
export const refused = (status = 400): Expected => ({ answers: [status], open: false, seen: [] });

/** Refused, but its end was clear: the connection serves the next request. */
export const declined = (status = 400): Expected => ({ answers: [status], open: true, seen: [] });

/** The proxy responded itself, and well. */
export const answered = (status = 200): Expected => ({ answers: [status], open: true, seen: [] });

/** Each request was passed on and answered. */
export const passed = (...seen: readonly string[]): Expected => ({ answers: seen.map(() => 200), open: true, seen });
