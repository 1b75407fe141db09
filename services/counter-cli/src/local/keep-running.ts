// Keeps one program running: names every end of it, and starts it again.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { LogLines } from './log-lines.ts';
import type { Program } from './processes.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
const STEADY_MS = 10_000; // what ran this long is no longer suspected to die at once
const KILL_AFTER_MS = 10_000;

export type Running = {
  readonly program: Program;
  /** Undefined while it is about to be started again. */
  readonly pid: () => number | undefined;
  /** Asks it to stop, kills it after ten seconds, and resolves when it is gone; it is not started again. */
  readonly stop: () => Promise<void>;
};

/** @param onChange called after each start and each end */
export const keepRunning = (program: Program, log: LogLines, onChange: () => void): Running => {
  let child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  let restart: NodeJS.Timeout | undefined;
  let pause = FIRST_PAUSE_MS;
  let stopping = false;

  const start = () => {
    const started = Date.now();
    // In a group of its own, so that Ctrl-C in the terminal does not reach it before its turn to stop has come.
    const current = spawn(program.command, program.args, {
      env: program.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = current;
    log.follow(program.name, [current.stdout, current.stderr]);
    const ended = (how: string) => {
      if (child !== current) return;
      child = undefined;
      onChange();
      if (stopping) return;
      if (Date.now() - started > STEADY_MS) pause = FIRST_PAUSE_MS;
      log.say(`${program.name} ${how}; restarting in ${pause / 1000} s.`);
      restart = setTimeout(start, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
    current.once('error', (error) => ended(`could not be started (${error.message})`));
    current.once('close', (code, signal) =>
      ended(signal === null ? `ended with exit code ${code}` : `died of ${signal}`),
    );
    onChange();
  };

  const stop = async () => {
    stopping = true;
    clearTimeout(restart);
    const current = child;
    if (current?.pid === undefined) return;
    const exit = once(current, 'close');
    current.kill('SIGTERM');
    const kill = setTimeout(() => {
      log.say(`${program.name} did not stop within ${KILL_AFTER_MS / 1000} s; killing it.`);
      current.kill('SIGKILL');
    }, KILL_AFTER_MS);
    await exit;
    clearTimeout(kill);
  };

  start();
  return { program, pid: () => child?.pid, stop };
};
