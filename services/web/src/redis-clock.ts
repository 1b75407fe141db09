// The clock of Redis, told from here: the only one by which Redis can judge how old a command is.

export type RedisClock = {
  /** Sets it by a time that Redis has just told, in seconds. */
  readonly set: (seconds: number) => void;
  /** The time in seconds, or a moment earlier, at which `performance.now()` was `milliseconds`. */
  readonly at: (milliseconds: number) => string;
};

export const createRedisClock = (): RedisClock => {
  let offset = 0;
  return {
    // Redis told it before it was read here. It may only seem earlier than it is: that makes a write look older, and a
    // machine that slept does the same.
    set: (seconds) => {
      offset = seconds - performance.now() / 1000;
    },
    at: (milliseconds) => (milliseconds / 1000 + offset).toFixed(3),
  };
};
