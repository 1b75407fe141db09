// Reads requests from bytes by the letter of RFC 9112, as the strictest upstream would.

export type SeenRequest = {
  readonly method: string;
  readonly target: string;
  /** Names in lower case, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The bytes it came in. */
  readonly raw: string;
};

export type Reading =
  | { readonly state: 'incomplete'; readonly expects: boolean }
  | { readonly state: 'malformed'; readonly why: string }
  | { readonly state: 'whole'; readonly request: SeenRequest };

/** The first request in `bytes`, of which each character is one byte. */
export const readRequest = (bytes: string): Reading => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { state: 'incomplete', expects: false };
  const [startLine = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const [, method, target] = START_LINE.exec(startLine) ?? [];
  if (method === undefined || target === undefined) return malformed(`start line ${JSON.stringify(startLine)}`);
  const fields: (readonly [string, string])[] = [];
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) return malformed(`field line ${JSON.stringify(line)}`);
    fields.push([name.toLowerCase(), value]);
  }
  const body = readBody(bytes, end + 4, fields);
  if (body === 'incomplete') return { state: 'incomplete', expects: valuesOf(fields, 'expect').length > 0 };
  if ('why' in body) return malformed(body.why);
  return { state: 'whole', request: { method, target, fields, body: body.text, raw: bytes.slice(0, body.end) } };
};

/** The values of all fields called `name`. */
export const valuesOf = (fields: SeenRequest['fields'], name: string): string[] =>
  fields.filter(([other]) => other === name).map(([, value]) => value);

const START_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.[01]$/;
const FIELD =
  /^([!#$%&'*+.^_`|~\w-]+):[ \t]*((?:[\x21-\x7e\x80-\xff](?:[\t -~\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[ \t]*$/;
const SIZE_LINE = /^([\da-f]{1,8})(?:;[\t -~]*)?\r\n/i;

type Body = 'incomplete' | { readonly why: string } | { readonly text: string; readonly end: number };

const readBody = (bytes: string, start: number, fields: SeenRequest['fields']): Body => {
  const codings = valuesOf(fields, 'transfer-encoding');
  const lengths = valuesOf(fields, 'content-length');
  if (codings.length > 0 && lengths.length > 0) return { why: 'both Transfer-Encoding and Content-Length' };
  if (codings.length > 0) {
    return codings.join() === 'chunked' ? readChunks(bytes, start) : { why: `Transfer-Encoding: ${codings.join()}` };
  }
  if (lengths.length > 1 || !/^\d{0,15}$/.test(lengths.join())) return { why: `Content-Length: ${lengths.join()}` };
  const end = start + Number(lengths[0] ?? 0);
  return end > bytes.length ? 'incomplete' : { text: bytes.slice(start, end), end };
};

const readChunks = (bytes: string, start: number): Body => {
  let text = '';
  for (let at = start; ; ) {
    const line = bytes.slice(at, at + 100);
    const [sizeLine, size] = SIZE_LINE.exec(line) ?? [];
    if (sizeLine === undefined || size === undefined) {
      return line.includes('\r\n') ? { why: `chunk size ${JSON.stringify(line)}` } : 'incomplete';
    }
    const begin = at + sizeLine.length;
    const end = begin + Number.parseInt(size, 16);
    if (bytes.length < end + 2) return 'incomplete';
    if (bytes.slice(end, end + 2) !== '\r\n')
      return { why: 'a chunk, or the trailers, that do not end where they should' };
    text += bytes.slice(begin, end);
    at = end + 2;
    if (begin === end) return { text, end: at };
  }
};

const malformed = (why: string): Reading => ({ state: 'malformed', why });
