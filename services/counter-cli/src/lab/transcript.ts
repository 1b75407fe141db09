// Reads the terminal sessions of a document: commands after `$ `, and the output that each one shows.

export type Step = {
  /** The line of the document where the command stands. */
  readonly line: number;
  readonly command: string;
  /** What is shown as its output; `…` stands for what varies, alone on a line for any number of lines. */
  readonly output: string;
};

/** The steps of all fenced blocks of the kind `console` in `markdown`, in order. */
export const stepsOf = (markdown: string): Step[] => {
  const steps: { line: number; command: string; shown: string[] }[] = [];
  let inside = false;
  for (const [i, text] of markdown.split('\n').entries()) {
    if (text.startsWith('```')) inside = text === '```console';
    else if (inside && text.startsWith('$ ')) steps.push({ line: i + 1, command: text.slice(2), shown: [] });
    else if (inside) steps.at(-1)?.shown.push(text);
  }
  return steps.map(({ line, command, shown }) => ({ line, command, output: shown.join('\n') }));
};

/** A pattern for what `output` shows: the whole of it, but for what `…` leaves out. */
export const patternOf = (output: string): RegExp => {
  const lines = output.split('\n').map((line) => {
    if (line === '…') return '(?:.*\\n)*?';
    return `${line.split('…').map(escaped).join('.*')}\\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
