// Gives programs other than tests the clean-up of a test.
import { type Cleanup, createEnds } from './ends.ts';

/** Runs `body`, and then what it had registered, the last first: also when it throws, or a signal stops the program. */
export const withCleanup = async <T>(body: (t: Cleanup) => Promise<T>): Promise<T> => {
  const { t, end } = createEnds();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (signal: NodeJS.Signals) => reject(new Error(`Stopped by ${signal}.`));
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await Promise.race([body(t), stopped]);
  } finally {
    await end().finally(() => {
      for (const signal of SIGNALS) process.off(signal, stop);
    });
  }
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
