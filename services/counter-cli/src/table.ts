// Formats rows in columns, separated by two spaces, the same on a terminal and in a file.
import Table from 'cli-table3';
import type { Colors } from './terminal.ts';

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };

export const table = (
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  colors: Colors,
): string => {
  const layout = new Table({
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
