// The stop signals of this process.

/**
 * Resolves with the first stop signal: Ctrl-C, `kill`, or the terminal closing. A second one of the same kind ends the
 * process at once, as by default.
 */
export const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
