// Asks before something is deleted.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CommandError, UsageError } from './errors.ts';
import { isTerminal, type Terminal } from './terminal.ts';

/**
 * Returns when the user types y or yes.
 * @throws {CommandError} for any other answer, or none @throws {UsageError} where there is no terminal to ask
 */
export const confirm = async ({ stdin, stdout }: Terminal, question: string): Promise<void> => {
  if (!isTerminal(stdin)) throw new UsageError(`${question} Not a terminal, so it cannot ask. Confirm with --yes.`);
  const lines = createInterface({ input: stdin, output: stdout, terminal: false });
  try {
    stdout.write(`${question} [y/N] `);
    const answer = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
    if (!/^y(es)?$/i.test(`${answer[0] ?? ''}`.trim())) throw new CommandError('Nothing was deleted.');
  } finally {
    lines.close();
  }
};
