// Reads the terminal sessions of a document: commands after `$ `, and the output that each one shows.

export type Step = {
  /** The line of the document where the command stands. */
  readonly line: number;
  readonly command: string;
  /** What is shown as its output; `…` stands for what varies, alone on a line for any number of lines. */
  readonly output: string;
  /** What its block says after the word `console`. */
  readonly info: readonly string[];
};

/** The steps of all fenced blocks of the kind `console` in `markdown`, in order. */
export const stepsOf = (markdown: string): Step[] => {
  const steps: { line: number; command: string; shown: string[]; info: string[] }[] = [];
  let info: string[] | undefined;
  for (const [i, text] of markdown.split('\n').entries()) {
    const last = steps.at(-1);
    if (text.startsWith('```')) info = /^```console( |$)/.test(text) ? text.split(' ').slice(1) : undefined;
    else if (info === undefined) continue;
    else if (text.startsWith('$ ')) steps.push({ line: i + 1, command: text.slice(2), shown: [], info });
    else if (last?.shown.length === 0 && last.command.endsWith('\\')) last.command += `\n${text}`;
    else last?.shown.push(text);
  }
  return steps.map(({ shown, ...step }) => ({ ...step, output: shown.join('\n') }));
};

/** A pattern for all that `output` shows, but for what `…` leaves out. */
export const patternOf = (output: string): RegExp => {
  if (output === '') return /^$/;
  const lines = output.split('\n').map((line) => {
    if (line === '…') return '(?:.*\\n)*?';
    return `${line.split('…').map(escaped).join('.*')}\\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
};

/** What a command printed, with the end of its last line, which some leave out. */
export const asLines = (printed: string): string => printed.replace(/[^\n]$/, '$&\n');

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
