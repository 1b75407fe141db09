// The kinds of fault that an audit injects.
import { setTimeout as sleep } from 'node:timers/promises';

export type FaultKind = keyof typeof FAULTS;

/** Whom each fault hits, and what it does. */
export const FAULTS = {
  'kill-replica': { of: 'replica', does: 'kill -9 a replica, and restart it' },
  'stop-replica': { of: 'replica', does: 'stop a replica gracefully, and restart it' },
  'pause-replica': { of: 'replica', does: 'pause a replica for 5 s' },
  'recreate-replica': { of: 'replica', does: 'recreate a replica at a new address' },
  scale: { of: 'replica', does: 'scale up to five replicas and back to three' },
  'cut-redis': { of: 'redis', does: 'disconnect Redis from its network for 5 s' },
  'restart-redis': { of: 'redis', does: 'restart Redis' },
  'kill-redis': { of: 'redis', does: 'kill -9 Redis (with appendfsync always), and restart it' },
  'restart-proxy': { of: 'proxy', does: 'restart the proxy' },
  'kill-proxy': { of: 'proxy', does: 'kill -9 the proxy, and restart it' },
} as const satisfies Readonly<Record<string, { of: 'replica' | 'redis' | 'proxy'; does: string }>>;

export const KINDS = Object.keys(FAULTS) as readonly FaultKind[];

export const REPLICAS = 3;
export const SCALED_UP = 5;

/** Milliseconds that a pause or a cut lasts. */
const HOLD_MS = 5000;

/** Resolves after HOLD_MS, or when `stop` is aborted. */
export const hold = (stop: AbortSignal): Promise<void> => sleep(HOLD_MS, undefined, { signal: stop }).catch(() => {});
