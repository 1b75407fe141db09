// Runs a command, and maps its outcome to an exit code.
import { ConfigError } from '@container-counter/service/environment';
import { fold, widthOf } from '@container-counter/why/fold';
import { CommanderError } from 'commander';
import { BadResult, CommandError, UsageError } from './errors.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** @returns 0 on success, 1 on failure, 2 on wrong usage */
export const run = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    const program = await createProgram(terminal, args[0]);
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its help or its complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof BadResult) return 1;
    if (error instanceof CommandError) return say(terminal, error, 1);
    if (error instanceof UsageError || error instanceof ConfigError) return say(terminal, error, 2);
    if (isOfFile(error)) return say(terminal, new Error(`${error.path} cannot be used: ${error.message}.`), 1);
    throw error;
  }
};

// Such as a folder that is read-only, or no folder at all: the message of Node names the call and the reason.
const isOfFile = (error: unknown): error is NodeJS.ErrnoException & { readonly path: string } =>
  error instanceof Error && 'syscall' in error && 'path' in error && !`${error.syscall}`.startsWith('spawn');

const say = ({ stderr }: Terminal, { message }: Error, code: number): number => {
  stderr.write(`${fold(message, widthOf(stderr))}\n`);
  return code;
};
