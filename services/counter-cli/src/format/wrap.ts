// Breaks text into lines of a width.

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
