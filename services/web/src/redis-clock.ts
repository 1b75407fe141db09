// Estimates the clock of Redis, the only one by which Redis can judge the age of a command.

export type RedisClock = {
  /** Synchronizes it with a time that Redis has just returned, in seconds. */
  readonly set: (seconds: number) => void;
  /** The time in seconds, or a moment earlier, at which `performance.now()` was `milliseconds`. */
  readonly at: (milliseconds: number) => string;
};

export const createRedisClock = (): RedisClock => {
  let offset = 0;
  return {
    // Redis read its clock before the reply arrived here, so the estimate is never ahead: an error can only make a write
    // look older, as does a machine that was suspended.
    set: (seconds) => {
      offset = seconds - performance.now() / 1000;
    },
    at: (milliseconds) => (milliseconds / 1000 + offset).toFixed(3),
  };
};
