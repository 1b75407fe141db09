// The characters of HTTP/1.1 messages (RFC 9110, 5.5 and 5.6.2), for what is parsed without node:http.

export const isToken = (text: string): boolean => TOKEN.test(text);

/** Whether `text` may be the value of a header: without line breaks or other control characters. */
export const isFieldValue = (text: string): boolean => VALUE.test(text);

/** Whether this is the code of a space or a tab. `trim` would take other characters off too, such as a no-break space. */
export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
