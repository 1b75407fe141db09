// `counter keys`: lists the data in Redis, and what writes it.
import { widthOf } from '@container-counter/why/fold';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { CommandError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { foreignValueIn, withRedis } from '../redis/connect.ts';
import { type Entry, readEntries } from '../redis/entries.ts';
import { table } from '../table.ts';
import { type Colors, colorsOf, print, printJson, type Terminal } from '../terminal.ts';
import { plural, printable } from '../text.ts';

export const keys = (terminal: Terminal): Command =>
  new Command('keys')
    .description('List the data in Redis: each key with its type, its value, and what writes it.')
    .option('--json', 'print a JSON array, with untruncated values')
    .addHelpText('after', HELP)
    .action(async ({ json }: { readonly json?: true }) => {
      const [entries, foreign] = await withRedis(readConfig(terminal.env), 'keys', (redis) =>
        Promise.all([readEntries(redis), foreignValueIn(redis)]),
      );
      if (json) printJson(terminal, entries);
      else
        print(
          terminal,
          entries.length === 0 ? 'no keys yet' : show(entries, colorsOf(terminal), widthOf(terminal.stdout)),
        );
      if (foreign !== undefined) throw new CommandError(foreign.message);
    });

const show = (entries: readonly Entry[], colors: Colors, width: number): string => {
  const rows = entries.map((entry) => [
    colors.cyan(printable(entry.key, 40)),
    entry.type,
    summary(entry),
    entry.ttl === null ? '' : `${entry.ttl} s`,
    entry.writtenBy,
  ]);
  return table(COLUMNS, rows, colors, width);
};

const COLUMNS = [
  { title: 'key' },
  { title: 'type' },
  { title: 'value' },
  { title: 'expires in', align: 'right' },
  { title: 'written by' },
] as const;

const summary = ({ type, value, size }: Entry): string => {
  if (value === null) return `(${size ?? '?'} in it; see them with redis-cli)`;
  if (typeof value === 'string') return printable(value, 40);
  const members = Object.entries(value);
  if (type === 'hash' && members.length > SHOWN) return plural(size ?? members.length, 'field');
  const shown = members.slice(0, SHOWN).map(([name, content]) => `${printable(name, 40)} ${printable(content, 12)}`);
  return [...shown, ...(members.length > SHOWN ? ['…'] : [])].join('\n');
};

const SHOWN = 5;

const HELP = helpFooter({
  notes: [
    'It connects to Redis at REDIS_URL. In containers Redis has no published port, so run it inside:',
    'docker compose run --rm cli keys',
    'With links: docker compose -f docker-compose.links.yml run --rm cli keys',
  ],
  exit: 'Exit codes: 0 shown, 1 Redis cannot be reached, or a key of the counter holds something else,\n2 wrong usage.',
  examples: ['counter keys', 'counter keys --json', 'REDIS_URL=redis://127.0.0.1:6380 counter keys'],
});
