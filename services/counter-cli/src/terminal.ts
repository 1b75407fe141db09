// The environment of a command: variables, streams, and the stop signal.
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Environment } from '@container-counter/service/environment';
import { fold, widthOf } from '@container-counter/why/fold';

export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

export type Terminal = {
  readonly env: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Resolves when the user wants the program to stop; until it is called, a signal ends the program at once. */
  readonly stopSignal: () => Promise<NodeJS.Signals>;
};

export const isTerminal = ({ isTTY }: { readonly isTTY?: boolean }): boolean => isTTY === true;

/** Whether standard output understands escape sequences: a dumb terminal prints them. */
export const hasEscapes = ({ stdout, env }: Terminal): boolean => isTerminal(stdout) && env['TERM'] !== 'dumb';

/** Colours for standard output: only a terminal that has them and did not ask for none (no-color.org) gets them. */
export const colorsOf = (terminal: Terminal): Colors => colorsFor(hasEscapes(terminal) && !terminal.env['NO_COLOR']);

/** Functions that put text into a colour or a style, or leave it as it is. */
export const colorsFor = (wanted: boolean): Colors => {
  const paint = (style: Style) => (text: string) => (wanted ? styleText(style, text, { validateStream: false }) : text);
  return Object.fromEntries(STYLES.map((style) => [style, paint(style)])) as Colors;
};

export type Colors = Readonly<Record<Style, (text: string) => string>>;

type Style = (typeof STYLES)[number];

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;

export const print = ({ stdout }: Terminal, text: string): void => {
  stdout.write(`${text}\n`);
};

/** Prints text whose lines are folded at the width of the terminal; a table, a command to copy or a document is not. */
export const printFolded = (terminal: Terminal, text: string): void =>
  print(terminal, fold(text, widthOf(terminal.stdout)));

/** Prints `value` as one JSON document. The control characters that JSON allows as they are could drive the terminal. */
export const printJson = (terminal: Terminal, value: unknown): void =>
  print(
    terminal,
    JSON.stringify(value, null, 2).replace(
      /[\u007f-\u009f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
