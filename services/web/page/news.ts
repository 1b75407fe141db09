// Selects what to announce: replicas that appear or change state, Redis, and the feed.
import type { Announce } from './announcer.ts';
import type { Replica } from './roster.ts';

export type State = {
  readonly replicas: readonly Replica[];
  readonly redisFailure: string | undefined;
  readonly connected: boolean;
};

export const createNews = (announce: Announce) => {
  let before: State | undefined;
  return (now: State): void => {
    const last = before;
    before = now;
    if (last === undefined || last.replicas.length === 0) return; // nothing to compare with yet
    for (const { name, state, reason } of now.replicas) {
      const known = last.replicas.find((replica) => replica.name === name);
      if (known === undefined) announce(`${name} is new.`);
      else if (known.state !== state) announce(`${name} is ${state}. ${reason ?? ''}`.trim());
    }
    if (now.redisFailure !== undefined && last.redisFailure === undefined) announce(now.redisFailure);
    if (now.redisFailure === undefined && last.redisFailure !== undefined) announce('Redis has recovered.');
    if (now.connected !== last.connected)
      announce(now.connected ? 'The live feed is connected.' : 'The live feed is disconnected.');
  };
};
