// Lends the clean-up of a test to a program that is none.
import type { Cleanup } from './process.ts';

/** Runs `body`, and then what it had registered, the last first, also when it throws. */
export const withCleanup = async (body: (t: Cleanup) => Promise<void>): Promise<void> => {
  const ends: (() => unknown)[] = [];
  try {
    await body({ after: (end) => void ends.push(end as () => unknown) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
};
