// The documents that show the results of three servers side by side.
import { shown } from './outcome.ts';
import { isLaxer, type Row } from './table.ts';

type Server = 'ours' | 'nginx' | 'haproxy';
const SERVERS: readonly Server[] = ['ours', 'nginx', 'haproxy'];

/** docs/hostile-input.md: the results in short, and nothing that differs from one run to the next. */
export const documentOf = (rows: readonly Row[], versions: { readonly nginx: string; readonly haproxy: string }) =>
  `${[
    '# Hostile input',
    '',
    `${rows.length} malformed or malicious inputs, sent to the proxy, to nginx ${versions.nginx} and to HAProxy ${versions.haproxy}. \`test/hostile/cases/\` has`,
    'the bytes of each and the response it must get; `test/hostile/cases.test.ts` tests that, and that one request never',
    'becomes two. `node test/hostile/report.ts` writes this page; with `--cases` it prints the responses to every case.',
    '',
    'An input is stopped if no request from it reaches a replica. Some are only unusual, and should not be stopped. What is not',
    'stopped is forwarded without spoofed and hop-by-hop headers.',
    '',
    ...countTable('topic', groupsOf(rows, topicOf)),
    '',
    ...comparison(rows),
    '',
    '## Kinds of attack',
    '',
    'Those that two or more inputs have.',
    '',
    ...countTable(
      'kind',
      groupsOf(rows, attackOf).filter(([, group]) => group.length > 1),
    ),
    '',
    '## What the proxy says',
    '',
    'The status of its last response to an input that it stops.',
    '',
    '| status | inputs | such as |',
    '|---|---|---|',
    ...groupsOf(rows, statusOf)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([status, group]) => `| ${status} | ${group.length} | ${examplesOf(group)} |`),
  ].join('\n')}\n`;

/** The tables in `text` without what other servers did: these are the same on every machine. */
export const ownCells = (text: string): string[] =>
  [...text.matchAll(/^\| (.+) \|$/gm)].map(([, cells = '']) => cells.split(' | ').slice(0, 3).join(' | '));

/** The outcome of each case at each server, in one table for each topic. */
export const casesOf = (rows: readonly Row[]): string =>
  `${[
    'A cell has the statuses of the responses in order, `closed` if the server then closed the connection, and the number',
    'of requests that reached its upstream. Status 0 is a response without a status line, as in HTTP/0.9.',
    ...groupsOf(rows, topicOf).flatMap(([topic, group]) => [
      '',
      `## ${topic}`,
      '',
      '| case | source | container-counter | nginx | HAProxy |',
      '|---|---|---|---|---|',
      ...group.map(lineOf),
    ]),
  ].join('\n')}\n`;

const lineOf = (row: Row): string =>
  cellsOf([
    row.tried.name,
    row.tried.source,
    ...SERVERS.map((server) => (row[server] ? shown(row[server]) : 'not run')),
  ]);

const cellsOf = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

type Group = readonly [name: string, rows: readonly Row[]];

/** In the order of their first rows; rows without a name are in no group. */
const groupsOf = (rows: readonly Row[], nameOf: (row: Row) => string | undefined): Group[] => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = nameOf(row);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups];
};

const topicOf = ({ topic }: Row): string => topic;

// A source is a section of an RFC, a kind of attack, or one and then the other.
const attackOf = ({ tried }: Row): string | undefined =>
  tried.source.split('; ').find((part) => !part.startsWith('RFC '));

const statusOf = (row: Row): string | undefined => {
  const status = row.ours.statuses.at(-1);
  return isStopped(row, 'ours') && status !== undefined && status >= 400 ? `${status}` : undefined;
};

const isStopped = (row: Row, server: Server): boolean => row[server]?.seen.length === 0;

const countTable = (title: string, groups: readonly Group[]): string[] => [
  `| ${title} | inputs | stopped by container-counter | by nginx | by HAProxy |`,
  '|---|---|---|---|---|',
  ...groups.map(([name, group]) =>
    cellsOf([name, group.length, ...SERVERS.map((server) => group.filter((row) => isStopped(row, server)).length)]),
  ),
];

const examplesOf = (group: readonly Row[]): string =>
  [...new Set(group.map(({ tried }) => tried.name))].slice(0, 3).join('; ').replaceAll('|', '\\|');

const comparison = (rows: readonly Row[]): string[] => {
  const forwarded = (row: Row, server: Server): number => row[server]?.seen.length ?? 0;
  const fewer = (other: Server) => rows.filter((row) => forwarded(row, 'ours') < forwarded(row, other)).length;
  const more = (other: Server) => rows.filter((row) => forwarded(row, 'ours') > forwarded(row, other)).length;
  const laxer = rows.filter(isLaxer);
  return [
    `container-counter forwards fewer requests than nginx for ${fewer('nginx')} inputs, and more for ${more('nginx')}; fewer than HAProxy for ${fewer('haproxy')},`,
    `and more for ${more('haproxy')}. It forwards more than both for ${laxer.length}:`,
    '',
    ...laxer.map(({ topic, tried }) => `- ${topic}, ${tried.name}. ${tried.laxer ?? ''}`),
  ];
};
