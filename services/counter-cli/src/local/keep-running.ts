// Supervises one program: logs every exit, and restarts it with a backoff.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { KILL_AFTER_MS } from './kill-after.ts';
import type { LogLines } from './log-lines.ts';
import type { Program } from './processes.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
const STEADY_MS = 10_000; // after this long, the backoff is reset

export type Running = {
  readonly program: Program;
  /** Undefined while it is waiting to be restarted. */
  readonly pid: () => number | undefined;
  /** Sends SIGTERM, kills it after ten seconds, and resolves when it has exited; it is not restarted. */
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
    // In its own process group, so that Ctrl-C does not stop it out of order.
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
      log.say(`${program.name} ${how}; restarting in ${pause / 1000} s.`, program.name);
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
