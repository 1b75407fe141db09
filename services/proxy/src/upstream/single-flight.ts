// Coalesces concurrent calls into one.

/** While a call of the result runs, further calls get its promise instead of starting another one. */
export const singleFlight = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
};
