// Runs a program as a child process, waits for its output, and stops it when the test ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterwards, type Cleanup } from './ends.ts';

export type Program = {
  readonly child: ChildProcess;
  /** Every line of standard output and standard error so far. */
  readonly lines: readonly string[];
  /** Those of standard error alone. */
  readonly errors: readonly string[];
  /** Resolves with the first line, past or future, that matches; rejects when the program ends before, or hangs. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** Sends SIGTERM, or `signal`, and resolves with the exit code, or the signal that ended it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>;
};

/** @param group give it its own process group, to which every signal is sent, as from a terminal */
export const start = (
  t: Cleanup,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { group = false } = {},
): Program => {
  const child = spawn(command, args, {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: group,
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of [...waiting]) check();
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (text) => {
      lines.push(text);
      if (stream === child.stderr) errors.push(text);
      wake();
    });
  }
  let ended = false;
  child.once('error', (error) => lines.push(String(error)));
  child.once('close', () => {
    ended = true;
    wake();
  });

  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const found = lines.find((text) => pattern.test(text));
        if (found !== undefined) settle(() => resolve(found));
        else if (ended) fail('ended without');
      };
      const settle = (how: () => void) => {
        waiting.delete(check);
        clearTimeout(timer);
        how();
      };
      const fail = (how: string) =>
        settle(() => reject(new Error(`${command} ${how} a line like ${pattern}:\n${lines.join('\n')}`)));
      const timer = setTimeout(fail, HANGS_MS, 'runs, and did not print');
      waiting.add(check);
      check();
    });

  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (!ended) {
      const closed = once(child, 'close', { signal: AbortSignal.timeout(HANGS_MS) });
      if (group && child.pid !== undefined) process.kill(-child.pid, signal);
      else child.kill(signal);
      await closed.catch(() => {
        throw new Error(`${command} still runs after ${signal}:\n${lines.slice(-50).join('\n')}`);
      });
    }
    return child.exitCode ?? child.signalCode;
  };
  afterwards(t, () => stop('SIGKILL'));
  return { child, lines, errors, line, stop };
};

const HANGS_MS = 180_000; // says what it did print, which the time limit of a test does not

// Nothing that is not meant for it; and what was compiled once need not be compiled for each process.
const inherited = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
