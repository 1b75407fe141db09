// Text of others for people: what does not print could control a terminal.

/**
 * `text` on one line, with what does not print (control, formatting and private characters, other separators)
 * escaped, and cut after `max` characters.
 */
export const printable = (text: string, max = Number.POSITIVE_INFINITY): string => {
  const characters: string[] = [];
  for (const character of text) {
    if (characters.length >= max) return `${characters.join('')}…`;
    characters.push(/[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? escaped(character) : character);
  }
  return characters.join('');
};

/** One character as an escape. */
export const escaped = (character: string): string => {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
