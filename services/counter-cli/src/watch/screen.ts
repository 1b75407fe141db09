// The alternate screen of the terminal: no frame leaves anything behind, and what was there before is restored.
import { onExit, onSuspend } from '../stop-signal.ts';
import type { Output } from '../terminal.ts';

const ESC = '\u001b[';

export type Screen = {
  /** Shows as much of `lines` as fits. */
  readonly draw: (lines: readonly string[]) => void;
  readonly leave: () => void;
};

/** The size of the terminal in characters. */
export const sizeOf = ({ columns, rows }: Output): { readonly columns: number; readonly rows: number } => ({
  columns: columns || 80,
  rows: rows || 24,
});

export const openScreen = (out: Output): Screen => {
  let drawn = '';
  let shown: readonly string[] = [];
  const enter = () => out.write(`${ESC}?1049h${ESC}?25l`); // the cursor would jump about
  const restore = () => out.write(`${ESC}?25h${ESC}?1049l`);
  const draw = (lines: readonly string[]) => {
    const { columns, rows } = sizeOf(out);
    const size = `${columns} ${rows}`;
    const clear = size === drawn ? '' : `${ESC}2J`; // a terminal that changes its size moves the lines about
    drawn = size;
    shown = lines;
    // A line is emptied before it is written: after one that fills its row, that would take its last character away.
    const fitting = lines.slice(0, rows).map((line) => `${ESC}K${clipped(line, columns)}`);
    const last = fitting.pop() ?? '';
    out.write(`${clear}${ESC}H${[...fitting, `${ESC}J${last}`].join('\n')}`);
  };
  const again = () => {
    enter();
    drawn = '';
    draw(shown);
  };
  enter();
  const left = [onExit(restore), onSuspend(restore, again)];
  return {
    draw,
    leave: () => {
      for (const forget of left) forget();
      restore();
    },
  };
};

/** `line` up to `columns` characters, where colours count for nothing. */
export const clipped = (line: string, columns: number): string => {
  let left = columns;
  return line.replace(PIECES, (piece) => {
    if (piece.startsWith(ESC)) return piece;
    left -= 1;
    return left >= 0 ? piece : '';
  });
};

// A colour, or one character.
const PIECES = new RegExp(`${ESC.replace('[', '\\[')}[\\d;]*m|.`, 'gsu');
