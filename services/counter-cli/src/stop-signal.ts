// Tells when this process is asked to stop.

/**
 * Resolves with the first signal that asks this process to stop: Ctrl-C, `kill`, or its terminal going away. The
 * second one of the same kind ends it at once, as it would without this.
 */
export const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
