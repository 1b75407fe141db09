// `counter counts`: shows what was counted, in all, for each replica and for each client.

import type { Counts } from '@container-counter/api/messages';
import { Command } from 'commander';
import { Agent } from 'undici';
import { readConfig } from '../config.ts';
import { getCounts } from '../counter-client.ts';
import { helpFooter } from '../help.ts';
import { urlOption } from '../options.ts';
import { table } from '../table.ts';
import { type Colors, colorsOf, print, printJson, type Terminal } from '../terminal.ts';
import { naturally, percent, plural, printable } from '../text.ts';

type Options = { readonly url?: URL; readonly json?: true };

export const counts = (terminal: Terminal): Command =>
  new Command('counts')
    .description('Show all hits, by replica and by client; counts nothing.')
    .addOption(urlOption())
    .option('--json', 'print the response of GET /counts')
    .addHelpText('after', HELP)
    .action(async ({ url, json }: Options) => {
      const found = await readCounts(url ?? readConfig(terminal.env).counterUrl);
      if (json) printJson(terminal, found);
      else print(terminal, show(found, colorsOf(terminal)));
    });

const readCounts = async (url: URL): Promise<Counts> => {
  const agent = new Agent({ connect: { timeout: 5000 } });
  try {
    return await getCounts(agent, url);
  } finally {
    await agent.destroy();
  }
};

const show = ({ requests, replicas, clients }: Counts, colors: Colors): string => {
  if (requests === 0) return 'no hits yet';
  const rows = (hits: Readonly<Record<string, number>>) =>
    Object.entries(hits)
      .toSorted(([a], [b]) => naturally(a, b))
      .map(([name, count]) => [printable(name), count, percent(count, requests)]);
  return [
    plural(requests, 'hit'),
    table([{ title: 'replica' }, ...NUMBERS], rows(replicas), colors),
    table([{ title: 'client' }, ...NUMBERS], rows(clients), colors),
  ].join('\n\n');
};

const NUMBERS = [
  { title: 'hits', align: 'right' },
  { title: 'share', align: 'right' },
] as const;

const HELP = helpFooter({
  exit: 'Exit codes: 0 shown, 1 the counter did not respond with counts, 2 wrong usage.',
  examples: ['counter counts', 'counter counts --json'],
});
