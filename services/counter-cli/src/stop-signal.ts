// The stop signals of this process, and its exit.
import { constants } from 'node:os';

/**
 * Resolves with the first stop signal: Ctrl-C, `kill`, or the terminal closing. A second one of the same kind ends the
 * process at once, with the exit code that a shell gives for it; what has changed the terminal restores it.
 */
export const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.once(signal, () => process.exit(128 + constants.signals[signal]));
      });
    }
  });

/** Runs `restore` when the process exits. @returns what takes that back */
export const onExit = (restore: () => void): (() => void) => {
  process.once('exit', restore);
  return () => process.off('exit', restore);
};
