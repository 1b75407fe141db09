// The document that shows the results, three servers side by side.
import { shown } from './outcome.ts';
import type { Row } from './table.ts';

/** docs/hostile-input.md: the outcome of each case, and nothing that differs from one run to the next. */
export const documentOf = (rows: readonly Row[], versions: { readonly nginx: string; readonly haproxy: string }) =>
  `${[
    '# Hostile input',
    '',
    `What comes of ${rows.length} cases of hostile input at the proxy, at nginx ${versions.nginx} and at HAProxy ${versions.haproxy}.`,
    '`node test/hostile/report.ts` runs them and writes this file. A case is in `test/hostile/cases/` with its bytes, and',
    '`test/hostile/cases.test.ts` compares what comes of it at the proxy with what must.',
    '',
    'A cell has the statuses that came back in order, `closed` when the server then closed the connection, and how many',
    'requests its upstream got. 0 is an answer without a status line, as HTTP/0.9 has it.',
    '',
    ...summary(rows),
    ...[...new Set(rows.map(({ topic }) => topic))].flatMap((topic) => [
      '',
      `## ${topic}`,
      '',
      '| case | source | container-counter | nginx | HAProxy |',
      '|---|---|---|---|---|',
      ...rows.filter((row) => row.topic === topic).map(lineOf),
    ]),
  ].join('\n')}\n`;

/** The lines of the table in `text` without what other servers did: these are the same on every machine. */
export const ownCells = (text: string): string[] =>
  [...text.matchAll(/^\| (.+) \| (.+) \| (.+) \| .+ \| .+ \|$/gm)].map(([, ...cells]) => cells.slice(0, 3).join(' | '));

const lineOf = ({ tried, ours, nginx, haproxy }: Row): string =>
  `| ${[tried.name, tried.source, ...[ours, nginx, haproxy].map((outcome) => (outcome ? shown(outcome) : 'not run'))]
    .map((cell) => cell.replaceAll('|', '\\|'))
    .join(' | ')} |`;

const summary = (rows: readonly Row[]): string[] => {
  const passedOn = (name: 'ours' | 'nginx' | 'haproxy') => rows.map((row) => row[name]?.seen.length ?? 0);
  const [ours, nginx, haproxy] = [passedOn('ours'), passedOn('nginx'), passedOn('haproxy')];
  const refusedMore = (others: readonly number[]) => ours.filter((n, i) => n < (others[i] ?? 0)).length;
  const refusedLess = (others: readonly number[]) => ours.filter((n, i) => n > (others[i] ?? 0)).length;
  const laxer = rows.filter((_, i) => (ours[i] ?? 0) > Math.max(nginx[i] ?? 0, haproxy[i] ?? 0));
  return [
    `The proxy passes on fewer requests than nginx in ${refusedMore(nginx)} cases and more in ${refusedLess(nginx)}; fewer than HAProxy in ${refusedMore(haproxy)}`,
    `and more in ${refusedLess(haproxy)}. It passes on more than both in ${laxer.length}:`,
    '',
    ...laxer.map(({ topic, tried }) => `- ${topic}, ${tried.name}. ${tried.laxer ?? ''}`),
  ];
};
