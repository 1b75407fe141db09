// What a command is given of the outside world: its environment, its streams, and the wish to stop.
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '@container-counter/service/environment';
import picocolors from 'picocolors';

export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type Terminal = {
  readonly env: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Resolves when the user wants the program to stop; until it is called, a signal ends the program at once. */
  readonly stopSignal: () => Promise<NodeJS.Signals>;
};

export const isTerminal = ({ isTTY }: { readonly isTTY?: boolean }): boolean => isTTY === true;

/** Colours for standard output: only a terminal that did not ask for none (no-color.org) gets them. */
export const colorsOf = ({ stdout, env }: Terminal) => picocolors.createColors(isTerminal(stdout) && !env['NO_COLOR']);

export type Colors = ReturnType<typeof colorsOf>;

export const print = ({ stdout }: Terminal, text: string): void => {
  stdout.write(`${text}\n`);
};

/** Prints `value` as one JSON document. The control characters that JSON allows as they are could drive the terminal. */
export const printJson = (terminal: Terminal, value: unknown): void =>
  print(
    terminal,
    JSON.stringify(value, null, 2).replace(
      /[\u007f-\u009f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
