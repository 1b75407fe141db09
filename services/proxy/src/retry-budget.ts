// How many requests may be sent again: a share of all requests, so that a sick cluster is not hammered with retries.

export type RetryBudget = {
  /** For every request that comes in. */
  readonly earn: () => void;
  /** Before a request is sent again. @returns whether it may be */
  readonly spend: () => boolean;
};

/**
 * A token bucket that starts full.
 * @param share tokens that each request brings; a retry costs one
 * @param most tokens it can hold: the retries that one sudden failure may cost, such as of all requests in flight
 */
export const createRetryBudget = (share = 0.2, most = 1000): RetryBudget => {
  let tokens = most;
  return {
    earn: () => {
      tokens = Math.min(most, tokens + share);
    },
    spend: () => {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
};
