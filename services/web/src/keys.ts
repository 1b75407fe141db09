// The names in Redis that are the counter's own.

/** What students list with `redis-cli`; no record may take one. `seen:` stands for `seen:0` to `seen:3`. */
export const KEYS = { requests: 'requests', counters: 'counters', ip: 'ip', seen: 'seen:', channel: 'hits' } as const;
