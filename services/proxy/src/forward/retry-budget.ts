// The retry budget: a share of all requests, so that retries do not overload a cluster in trouble.

export type RetryBudget = {
  /** For every request that comes in. */
  readonly deposit: () => void;
  /** Before a request is sent again. @returns whether it may be */
  readonly tryWithdraw: () => boolean;
  /** For the metrics: attempts after the first, requests sent again, and replays denied. */
  readonly counters: { retries: number; replays: number; denied: number };
};

/**
 * A token bucket that starts full.
 * @param share tokens that each request brings; a retry costs one
 * @param capacity tokens it can hold: the retries that one sudden failure may cost, such as of all requests in flight
 */
export const createRetryBudget = (share = 0.2, capacity = 1000): RetryBudget => {
  let tokens = capacity;
  const counters = { retries: 0, replays: 0, denied: 0 };
  return {
    deposit: () => {
      tokens = Math.min(capacity, tokens + share);
    },
    tryWithdraw: () => {
      const may = tokens >= 1;
      if (may) tokens -= 1;
      counters[may ? 'replays' : 'denied'] += 1;
      return may;
    },
    counters,
  };
};
