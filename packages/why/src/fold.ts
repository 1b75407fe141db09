// Folds text at the width of a terminal.
import { stripVTControlCharacters } from 'node:util';

/** `text` without lines of more than `width` characters, where its words allow it. */
export const fold = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => {
      if (lengthOf(line) <= width) return [line];
      // Below a description that follows a term, else below the beginning of the line.
      const hang = /^ *\S.*? {2,}(?=\S)/.exec(line)?.[0].length ?? line.length - line.trimStart().length;
      const indent = ' '.repeat(hang > (width * 2) / 3 ? 4 : hang);
      const [first = '', ...words] = line.slice(hang).split(' ');
      const lines = [line.slice(0, hang) + first];
      for (const word of words) {
        const last = lines.at(-1) ?? '';
        if (lengthOf(last) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(indent + word);
      }
      return lines;
    })
    .join('\n');

// Colours take no room.
const lengthOf = (text: string): number => stripVTControlCharacters(text).length;

/** The columns of a terminal; a file has no end of them. */
export const widthOf = (out: { readonly isTTY?: boolean; readonly columns?: number }): number =>
  (out.isTTY === true && out.columns) || Number.POSITIVE_INFINITY;
