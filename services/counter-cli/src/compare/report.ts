// The comparison as text: who reaches whom on each side, then both side by side.

import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { wrap } from '../text.ts';
import { type Compared, type Comparison, matrixOf } from './comparison.ts';
import { rowsOf } from './rows.ts';

export const compareReport = (comparison: Comparison, colors: Colors): string => {
  const rows = rowsOf(comparison).map(({ title, networks, links }) => [
    colors.cyan(wrap([title], TITLE_WIDTH)),
    `${wrap(networks, WIDTH)}\n`,
    `${wrap(links, WIDTH)}\n`,
  ]);
  return [
    ...comparison.sides.map((side) => reachText(side, colors)),
    table([{ title: '' }, { title: 'networks' }, { title: 'links' }], rows, colors).trimEnd(),
  ].join('\n\n');
};

const TITLE_WIDTH = 16;
const WIDTH = 52;

const reachText = ({ variant, containers }: Compared, colors: Colors): string => {
  const labels = containers.map(({ label }) => label);
  const rows = matrixOf(containers).map((cells, i) => [labels[i] ?? '', ...cells.map((how) => CELLS[how])]);
  const head = [{ title: 'from \\ to' }, ...labels.map((title) => ({ title }))];
  return `Who reaches whom on ${variant}:\n\n${table(head, rows, colors)}`;
};

const CELLS = { name: 'by name', address: 'by address', none: 'not', itself: '' } as const;
