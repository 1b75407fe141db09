// Gives the tests of a suite the clean-up of a test, for what they share.
import { after } from 'node:test';
import type { Cleanup } from './process.ts';

/** To be called in a suite: what is registered with it ends after the suite, the last first. */
export const suiteCleanup = (): Cleanup => {
  const ends: (() => unknown)[] = [];
  after(async () => {
    for (const end of ends.reverse()) await end();
  });
  return { after: (end) => void ends.push(end as () => unknown) };
};
