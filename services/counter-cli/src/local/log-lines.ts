// Prints the lines of several programs, prefixed with their names.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Colors, colorsOf, print, type Terminal } from '../terminal.ts';

export type LogLines = {
  /** Prints every line of `streams` under `name`. */
  readonly follow: (name: string, streams: readonly Readable[]) => void;
  /** Prints a line of ours. */
  readonly say: (line: string) => void;
};

/** @param names all programs, in the order of their colours */
export const createLogLines = (terminal: Terminal, names: readonly string[]): LogLines => {
  const colors = colorsOf(terminal);
  const width = Math.max(...names.map((name) => name.length));
  return {
    follow: (name, streams) => {
      const prefix = paint(colors, names.indexOf(name))(`${name.padEnd(width)} |`);
      for (const stream of streams) createInterface(stream).on('line', (line) => print(terminal, `${prefix} ${line}`));
    },
    say: (line) => print(terminal, colors.bold(line)),
  };
};

const paint = (colors: Colors, index: number) => {
  const palette = [colors.red, colors.cyan, colors.yellow, colors.green, colors.magenta, colors.blue];
  return palette[index % palette.length] ?? colors.blue;
};
