// The characters of HTTP/1.1 messages (RFC 9110, 5.5 and 5.6.2), for what is parsed without node:http.
import { memo } from '@container-counter/service/memo';

/** `name` in lower case, or undefined if it may not be the name of a header. */
export const headerName = memo((name: string) => (TOKEN.test(name) ? name.toLowerCase() : undefined));

/** @param headers names and values, alternating @returns the lines, each with its break */
export const headerLines = (headers: readonly string[]): string => {
  let text = '';
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return text;
};

/** Whether `text` may be the value of a header: without line breaks or other control characters. */
export const isFieldValue = (text: string): boolean => VALUE.test(text);

/** A part of `text` without spaces and tabs around it. `trim` would take other characters off too, such as a no-break space. */
export const trimmed = (text: string, start: number, end: number): string => {
  let [from, to] = [start, end];
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (from < to && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
};

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
