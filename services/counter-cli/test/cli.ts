// Runs the command inside the test's own process, and collects what it writes.
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../src/run.ts';

export type Ended = { readonly code: number; readonly out: string; readonly err: string };

export type Given = {
  readonly env?: Readonly<Record<string, string>>;
  /** What the user types; without it standard input is no terminal. */
  readonly types?: string;
  /** Whether standard output is a terminal. */
  readonly terminal?: boolean;
  /** Told of everything on standard output so far, whenever there is more. */
  readonly watching?: (out: string) => void;
  /** When the user presses Ctrl-C; without it, never. */
  readonly interrupt?: Promise<NodeJS.Signals>;
};

export const cli = async (args: readonly string[], given: Given = {}): Promise<Ended> => {
  const { env = {}, types, terminal = false, watching, interrupt = new Promise(() => {}) } = given;
  const stdin = Object.assign(new PassThrough(), { isTTY: types !== undefined });
  const stdout = Object.assign(new PassThrough(), { isTTY: terminal, columns: 100 });
  const stderr = new PassThrough();
  stdin.end(types ?? '');
  if (watching) {
    let out = '';
    stdout.on('data', (piece) => {
      out += piece;
      watching(out);
    });
  }
  const written = Promise.all([text(stdout), text(stderr)]);
  const code = await run(args, { env, stdin, stdout, stderr, stopSignal: () => interrupt });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { code, out, err };
};
