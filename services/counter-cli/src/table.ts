// Formats rows in columns, separated by two spaces, the same on a terminal and in a file.
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Colors } from './terminal.ts';

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };

/** @param width where the last column wraps, if its words allow it */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  colors: Colors,
  width = Number.POSITIVE_INFINITY,
): string => {
  const layout = new Table({
    ...lastColumnWithin(columns, rows, width),
    head: columns.map(({ title }) => colors.dim(title)),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  layout.push(...rows.map((row) => row.map(String)));
  return layout
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};

const lastColumnWithin = (
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  width: number,
): { readonly colWidths?: (number | null)[]; readonly wordWrap?: true } => {
  const widest = columns.map(({ title }, i) => {
    const cells = [title, ...rows.map((row) => `${row[i] ?? ''}`)];
    return Math.max(...cells.flatMap((cell) => stripVTControlCharacters(cell).split('\n')).map((line) => line.length));
  });
  const others = widest.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  if (others + (widest.at(-1) ?? 0) <= width) return {};
  return { colWidths: [...columns.slice(1).map(() => null), Math.max(MIN_COLUMN, width - others)], wordWrap: true };
};

const MIN_COLUMN = 16;

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;
