// `counter reset`: deletes the counter's keys, and records only on request.
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { confirm } from '../confirm.ts';
import { helpFooter } from '../help.ts';
import { shownUrl, withRedis } from '../redis/connect.ts';
import { type Deleted, resetCounter } from '../redis/reset.ts';
import { print, type Terminal } from '../terminal.ts';
import { plural, printable } from '../text.ts';

type Options = { readonly yes?: boolean; readonly records?: boolean };

export const reset = (terminal: Terminal): Command =>
  new Command('reset')
    .description('Reset the counter: delete its keys in Redis.')
    .option('-y, --yes', 'do not ask for confirmation')
    .option('--records', 'also delete all records')
    .addHelpText('after', HELP)
    .action(async ({ yes, records = false }: Options) => {
      const config = readConfig(terminal.env);
      const what = records ? 'the counter and delete all records' : 'the counter';
      if (!yes) await confirm(terminal, `Reset ${what} at ${shownUrl(config)}?`);
      print(terminal, tell(await withRedis(config, 'reset', (redis) => resetCounter(redis, records))));
    });

const tell = ({ own, records, recordsKept }: Deleted): string => {
  const gone = [...own.map((key) => printable(key)), ...(records > 0 ? [plural(records, 'record')] : [])];
  const deleted = gone.length === 0 ? 'there was nothing to delete' : `deleted ${gone.join(', ')}`;
  return recordsKept === 0 ? deleted : `${deleted}; kept ${plural(recordsKept, 'record')}`;
};

const HELP = helpFooter({
  notes: [
    'It connects to Redis at REDIS_URL. In containers Redis has no published port, so run it inside:',
    'docker compose run --rm cli reset --yes',
    'With links: docker compose -f docker-compose.links.yml run --rm cli reset --yes',
  ],
  exit: 'Exit codes: 0 reset, 1 Redis cannot be reached, a key of the counter holds something else, or you said\nno, 2 wrong usage.',
  examples: ['counter reset', 'counter reset --yes --records'],
});
