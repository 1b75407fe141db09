// Spreads requests over the time that a fault takes, so that all faults find a cluster under load.

/**
 * Milliseconds that each client waits before its next request: none between the faults; while one is on, so many that
 * what is left until the next strike would last some seconds, however long that is going to take.
 * @param next the request at which the next fault strikes, undefined while none is on
 */
export const pauseOf = (next: number | undefined, sent: number, clients: number): number =>
  next === undefined ? 0 : Math.min(LONGEST_PAUSE_MS, (clients * SPREAD_MS) / Math.max(1, next - sent));

const SPREAD_MS = 3000;
const LONGEST_PAUSE_MS = 200;
