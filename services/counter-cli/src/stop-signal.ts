// The stop signals of this process, its suspension, and its exit.
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

/** Runs `leave` before Ctrl-Z suspends the process, and `enter` when it continues. @returns what takes that back */
export const onSuspend = (leave: () => void, enter: () => void): (() => void) => {
  const suspend = () => {
    leave();
    // Without a listener the signal suspends, and the call returns when the process continues; where nobody could
    // continue it, as that with the number 1, the signal does nothing.
    process.off('SIGTSTP', suspend);
    process.kill(process.pid, 'SIGTSTP');
    process.on('SIGTSTP', suspend);
    enter();
  };
  process.on('SIGTSTP', suspend);
  return () => process.off('SIGTSTP', suspend);
};
