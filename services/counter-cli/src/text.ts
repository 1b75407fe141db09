// Formats text for people: escaping, natural order, plurals, percentages, bars, and lines of a column.
import { escaped } from '@container-counter/network/printable';

export { printable } from '@container-counter/network/printable';

/** Bytes as text; where they are not UTF-8, each byte that is not ASCII is written as `\xNN`. */
export const textOf = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return text;
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, escaped);
};

export const naturally = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`;

const WIDTH = 24;

/** `part` of `whole`, at most `width` characters, whatever a server says; blocks for a terminal, `#` for a file. */
export const bar = (part: number, whole: number, blocks: boolean, width = WIDTH): string =>
  (blocks ? '█' : '#').repeat(whole === 0 ? 0 : Math.round(Math.max(0, Math.min(1, part / whole)) * width));

export const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(1)}%`;

/** Each of `texts` on lines of its own, of at most `width` characters where its words allow it; the rest is indented. */
export const wrap = (texts: readonly string[], width: number): string =>
  texts.flatMap((text) => broken(text, width)).join('\n');

const broken = (text: string, width: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
};
