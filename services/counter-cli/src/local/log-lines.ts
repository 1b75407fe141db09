// The lines of several programs, prefixed with their names, and what is said between them.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createLogView, timeNow } from '../log-view.ts';
import { type Colors, colorsOf, isTerminal, print, type Terminal } from '../terminal.ts';

export type LogLines = {
  /** Prints the lines of `streams` under `name`. */
  readonly follow: (name: string, streams: readonly Readable[]) => void;
  /** Prints a line of ours. @param failed the program whose failure it tells, and whose last lines may say why */
  readonly say: (line: string, failed?: string) => void;
};

export type OpenLogLines = LogLines & {
  /** Tells on a terminal that a program is ready; elsewhere its own lines do. */
  readonly ready: (name: string) => void;
  readonly close: () => void;
};

const LAST_LINES = 3;

/** @param names all programs, in the order of their colours */
export const createLogLines = (terminal: Terminal, names: readonly string[]): OpenLogLines => {
  const colors = colorsOf(terminal);
  const width = Math.max(...names.map((name) => name.length));
  const view = createLogView(terminal);
  const last = new Map<string, string[]>();
  return {
    follow: (name, streams) => {
      const prefix = paint(colors, names.indexOf(name))(`${name.padEnd(width)} |`);
      for (const stream of streams) {
        createInterface(stream).on('line', (line) => {
          last.set(name, [...(last.get(name) ?? []), `${prefix} ${line}`].slice(-LAST_LINES));
          view.add(line, `${prefix} ${line}`);
        });
      }
    },
    say: (line, failed) => {
      if (failed === undefined || !isTerminal(terminal.stdout)) return print(terminal, colors.bold(line));
      for (const before of last.get(failed) ?? []) print(terminal, before);
      print(terminal, `${timeNow()} ${colors.bold(line)}`);
    },
    ready: (name) => {
      view.expect(name);
      if (isTerminal(terminal.stdout)) print(terminal, `${name} is ready.`);
    },
    close: view.close,
  };
};

const paint = (colors: Colors, index: number) => {
  const palette = [colors.red, colors.cyan, colors.yellow, colors.green, colors.magenta, colors.blue];
  return palette[index % palette.length] ?? colors.blue;
};
