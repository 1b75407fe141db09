// Gives the tests of a suite the clean-up of a test, for what they share.
import { after } from 'node:test';
import { type Cleanup, createEnds } from './ends.ts';

/** To be called in a suite: what is registered with it ends after the suite, the last first. */
export const suiteCleanup = (): Cleanup => {
  const { t, end } = createEnds();
  after(end);
  return t;
};
