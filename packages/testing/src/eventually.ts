// Polls for a condition that no event announces, for a bounded time.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Resolves when `assertion` no longer throws.
 * @param options timeout and pause between two attempts, in milliseconds
 * @throws what the last attempt threw, after `timeout`
 */
export const eventually = async (
  assertion: () => Promise<unknown> | unknown,
  { timeout = 60_000, every = 50 } = {},
): Promise<void> => {
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(every);
    }
  }
};
