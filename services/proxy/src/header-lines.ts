// Header lines (RFC 9112, 5), as the proxy keeps and forwards them: as one text, for most of them pass through unchanged.

// Without line breaks and other control characters.
const VALUE = String.raw`[\t\x20-\x7e\x80-\xff]*`;

/**
 * The pattern of header lines, as latin1: each begins with its line break, and neither names nor values have other control
 * characters (RFC 9110, 5.5 and 5.6.2).
 */
export const HEADER_LINE = String.raw`\r\n[!#$%&'*+.^_\x60|~\dA-Za-z-]+:${VALUE}`;

/** @param headers names and values, alternating @returns the lines, each after its break */
export const headerLines = (headers: readonly string[]): string => {
  let lines = '';
  for (let i = 0; i < headers.length; i += 2) lines += `\r\n${headers[i]}: ${headers[i + 1]}`;
  return lines;
};

/** The names and values in `lines`, alternating. */
export const namesAndValues = (lines: string): string[] =>
  lines
    .split('\r\n')
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), withoutBlanks(line.slice(colon + 1))];
    });

/** Headers by their names in lower case, as node:http takes and gives them. */
export type HeaderFields = Record<string, string | string[]>;

export const fieldsOf = (lines: string): HeaderFields => {
  const head = namesAndValues(lines);
  const fields: HeaderFields = Object.create(null); // a header may be called `constructor`
  for (let i = 0; i < head.length; i += 2) {
    const name = (head[i] as string).toLowerCase();
    const value = head[i + 1] as string;
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
};

/** Matches the lines of these names, without regard to case, each as a whole. */
export const linesOf = (names: readonly string[]): RegExp => new RegExp(`\\r\\n(?:${names.join('|')}):[^\\r]*`, 'gi');

/** Whether `text` may be the value of a header. */
export const isFieldValue = (text: string): boolean => WHOLE_VALUE.test(text);

/** `value` without spaces and tabs around it. `trim` would take other characters off too, such as a no-break space. */
export const withoutBlanks = (value: string): string => {
  let [from, to] = [0, value.length];
  while (from < to && isBlank(value.charCodeAt(from))) from += 1;
  while (from < to && isBlank(value.charCodeAt(to - 1))) to -= 1;
  return value.slice(from, to);
};

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const WHOLE_VALUE = new RegExp(`^${VALUE}$`);
